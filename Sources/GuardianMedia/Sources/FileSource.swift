import CLibAV
import Foundation
import GuardianCore

/// A video file as a source, in any format that libav reads. Media time 0 is the file's beginning.
public final class FileSource: VideoSource {
    public enum Pace: Sendable, Hashable {
        /// One pass, as fast as `next` is called.
        case unlimited
        /// Real time, repeated; the timeline continues across the end.
        case looping
    }

    public let interruption: Interruption
    private let path: String
    private let pace: Pace
    private let wantsAudio: Bool
    private let wallClock: any WallClock
    private let timelineOffset: Ticks
    private var demuxer: Demuxer?
    private var menders: [Packet.Kind: TimestampMender] = [:]
    private var outliers = OutlierFilter<Demuxer.Unit>(start: 0)
    private var hasEnded = false
    private var sequence: Int64 = 0
    private var base: (instant: ContinuousClock.Instant, ticks: Ticks)?
    private var hasYielded = false

    /// - Parameters:
    ///   - path: a path or a `file:` URL.
    ///   - timelineOffset: time of the first frame, so that a timeline continues after the source was reopened.
    public init(
        path: String, pace: Pace = .unlimited, wantsAudio: Bool = false, timelineOffset: Ticks = 0,
        wallClock: any WallClock = SystemClock(), interruption: Interruption = Interruption()
    ) {
        self.path = path.hasPrefix("file:") ? (URL(string: path)?.path ?? String(path.dropFirst(5))) : path
        self.pace = pace
        self.wantsAudio = wantsAudio
        self.timelineOffset = timelineOffset
        self.wallClock = wallClock
        self.interruption = interruption
    }

    public var zeroTime: Timestamp? { nil }
    public var droppedStreams: [String] { demuxer?.dropped ?? [] }

    public func open() throws -> StreamDescription {
        try Self.check(path)
        let demuxer = try openFile()
        self.demuxer = demuxer
        restart(demuxer)
        let offset = timelineOffset - demuxer.start
        menders = [
            .video: TimestampMender(
                offset: offset, frameDuration: demuxer.frameDuration, reorder: demuxer.reorder, isPaced: false),
            .audio: TimestampMender(offset: offset, isPaced: false),
        ]
        return demuxer.description
    }

    /// The turn that the file says makes its pictures upright, for the frames that are decoded from its packets; `nil` when no
    /// quarter turn does: they are mirrored, or at an odd angle.
    public var turn: QuarterTurn? { demuxer.map(\.turn) ?? QuarterTurn.none }

    /// Refuses what is no file: opening a pipe would wait for its writer.
    ///
    /// - Throws: `notFound`, `permissionDenied` or `invalidArgument`.
    public static func check(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw GuardianError.libav(guardian_av_error(errno), "Opening \(path)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw GuardianError(.invalidArgument, "\(path) is a folder: name a video file in it.")
        default:
            throw GuardianError(.invalidArgument, "\(path) is a pipe or a device, not a file: store the video first.")
        }
    }

    private func restart(_ demuxer: Demuxer) {
        outliers = OutlierFilter(start: demuxer.start)
        hasEnded = false
    }

    private func openFile() throws -> Demuxer {
        do {
            return try Demuxer(
                address: Secret("file:" + path), what: path,
                options: pace == .looping ? ["format_whitelist": Self.filmFormats] : [:], probing: true,
                wantsAudio: wantsAudio, interruption: interruption)
        } catch {
            guard pace == .looping, Self.isManifest(path) else { throw error }
            throw GuardianError(
                .invalidArgument, "\(path) is a DASH manifest, which a camera cannot be: name a video file.")
        }
    }

    /// The formats that a camera's file may have: all but DASH manifests. When libav has read a manifest it shuts down libxml2
    /// (`xmlCleanupParser`) for the whole process, in which the object stores' answers may be read at that moment.
    private static let filmFormats: String = {
        var names: [String] = []
        var position: UnsafeMutableRawPointer?
        while let format = av_demuxer_iterate(&position) {
            let name = String(cString: format.pointee.name)
            if name != "dash" { names.append(name) }
        }
        return names.joined(separator: ",")
    }()

    private static func isManifest(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path), let head = try? file.read(upToCount: 1 << 16) else {
            return false
        }
        return head.range(of: Data("<MPD".utf8)) != nil
    }

    public func next() throws -> SourceItem? {
        guard demuxer != nil else {
            throw GuardianError(.failedPrecondition, "The file \(path) is not open.")
        }
        while true {
            if interruption.wasInterrupted { throw interruption.error(guardian_av_exit(), "Reading \(path)") }
            guard let unit = try nextUnit() else {
                guard pace == .looping, hasYielded else { return nil }
                // Reopening is the only way back to the beginning that works for every container.
                demuxer = nil
                let again = try openFile()
                demuxer = again
                restart(again)
                hasYielded = false
                for kind in menders.keys { menders[kind]?.splice() }
                continue
            }
            hasYielded = true
            return .packet(packet(unit))
        }
    }

    /// Returns the next packet; those of sound pass at once.
    private func nextUnit() throws -> Demuxer.Unit? {
        while true {
            if let entry = outliers.next() {
                var unit = entry.item
                (unit.pts, unit.dts) = (entry.pts, entry.dts)
                return unit
            }
            guard !hasEnded else { return nil }
            guard let unit = try demuxer?.read(path) else {
                hasEnded = true
                outliers.finish()
                continue
            }
            guard unit.kind == .video else { return unit }
            outliers.add(.init(item: unit, pts: unit.pts, dts: unit.dts))
        }
    }

    private func packet(_ unit: Demuxer.Unit) -> Packet {
        let mended =
            menders[unit.kind]?.mend(
                pts: unit.pts, dts: unit.dts, duration: unit.duration, arrival: unit.dts ?? unit.pts ?? 0)
            ?? TimestampMender.Mended(pts: 0, dts: 0, duration: 0, discontinuity: false, missingBefore: 0)
        if pace == .looping {
            let base = self.base ?? (.now, mended.dts)
            self.base = base
            interruption.wait(until: base.instant + Duration(mended.dts - base.ticks))
        }
        defer { sequence += 1 }
        // A file loses no packets: a long step in it is intended, so `missingBefore` stays 0.
        return Packet(
            storage: unit.storage, kind: unit.kind, pts: mended.pts, dts: mended.dts, duration: mended.duration,
            isKeyframe: unit.isKeyframe, arrival: wallClock.now(), arrivalInstant: .now, sequence: sequence,
            discontinuity: mended.discontinuity)
    }

    public func close() { demuxer = nil }
}
