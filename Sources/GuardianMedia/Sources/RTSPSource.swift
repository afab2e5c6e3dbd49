import CLibAV
import Foundation
import GuardianCore

/// A camera over RTSP (RFC 2326). The first packet is a keyframe with known parameter sets.
public final class RTSPSource: VideoSource {
    /// The transport of RTP packets.
    public enum Transport: String, Sendable, Hashable, Codable, CaseIterable {
        /// Interleaved in the RTSP connection: no loss, and it passes firewalls.
        case tcp
        case udp
    }

    public struct Options: Sendable, Hashable {
        public var transport: Transport
        /// Whether AAC audio is read; other audio is dropped.
        public var wantsAudio: Bool
        /// Seconds until `open` gives up.
        public var openTimeout: Double
        /// Seconds without a packet until `next` gives up.
        public var readTimeout: Double

        public init(
            transport: Transport = .tcp, wantsAudio: Bool = false, openTimeout: Double = 10, readTimeout: Double = 10
        ) {
            self.transport = transport
            self.wantsAudio = wantsAudio
            self.openTimeout = openTimeout
            self.readTimeout = readTimeout
        }
    }

    /// The name in error messages, because addresses contain passwords.
    static let what = "the camera's stream"

    /// Seconds that closing may take.
    private static let goodbye = 1.0

    /// How far sound and picture may be apart at a connection's beginning.
    private static let longestOffset = Ticks.seconds(1)

    public let interruption: Interruption
    private let address: Secret<String>
    private let reach: CameraReach
    private let options: Options
    private let wallClock: any WallClock
    private let timelineOffset: Ticks
    private var demuxer: Demuxer?
    private var relay: RTSPRelay?
    private var camera: RTSPAddress?
    private var began = ContinuousClock.now
    private var shift = Ticks.zero
    /// Arrival of the first packet.
    private var start = Ticks.zero
    /// Decoding times of the newest packets.
    private var newest: [Packet.Kind: Ticks] = [:]
    private var menders: [Packet.Kind: TimestampMender] = [:]
    private var sequence: Int64 = 0
    private var stream: StreamDescription?
    private var sets: ParameterSets?
    private var hasKeyframe = false
    private var hasJumped = false
    private var queue: [SourceItem] = []
    private var held: Demuxer.Unit?

    /// - Parameters:
    ///   - address: `rtsp://` or `rtsps://`, with user name and password if the camera needs them.
    ///   - reach: where its host may be when it is connected to.
    ///   - timelineOffset: time of the first packet, so that a camera's timeline continues after a reconnect.
    public init(
        address: Secret<String>, reach: CameraReach = .anywhere, options: Options = Options(),
        timelineOffset: Ticks = 0,
        wallClock: any WallClock = SystemClock(), interruption: Interruption = Interruption()
    ) {
        self.address = address
        self.reach = reach
        self.options = options
        self.timelineOffset = timelineOffset
        self.wallClock = wallClock
        self.interruption = interruption
    }

    public var droppedStreams: [String] { demuxer?.dropped ?? [] }

    public var zeroTime: Timestamp? {
        guard !menders.isEmpty, !hasJumped, let zero = demuxer?.zeroTime else { return nil }
        return Timestamp(milliseconds: zero / 1000 - MediaTime(shift).milliseconds)
    }

    public var timestampFault: TimestampFault? { menders[.video]?.fault ?? menders[.audio]?.fault }

    public func open() throws -> StreamDescription {
        close()
        let camera: RTSPAddress
        do throws(RTSPAddress.Flaw) {
            camera = try RTSPAddress(address.reveal())
        } catch {
            throw GuardianError(.invalidArgument, "The camera's address \(error.text).")
        }
        interruption.allow(options.openTimeout)
        defer { interruption.allow(nil) }
        let connector = RTSPConnector(camera: camera, reach: reach, options: options, interruption: interruption)
        let (demuxer, relay) = try connector.connect()
        (self.demuxer, self.relay, self.camera) = (demuxer, relay, camera)
        began = .now
        var stream = demuxer.description
        guard stream.codec.isRecordable else {
            self.stream = stream
            return stream
        }
        let sets = ParameterSets(codec: stream.codec, extradata: stream.extradata)
        if sets.isComplete, let parameters = sets.sequence {
            stream.extradata = sets.annexB
            (stream.width, stream.height) = (parameters.width, parameters.height)
            (self.stream, self.sets) = (stream, sets)
            return stream
        }
        // The camera sends its parameter sets only in the stream, with the first keyframe.
        while true {
            interruption.allow(options.openTimeout)
            guard let packet = try readPacket() else {
                throw interruption.error(guardian_av_eof(), "Opening \(Self.what)")
            }
            if canDecode(packet), let stream = self.stream {
                queue = [.packet(packet)]
                return stream
            }
            try checkKeyframeDeadline()
        }
    }

    /// Throws when no decodable keyframe came within the open timeout plus 20 s.
    private func checkKeyframeDeadline() throws {
        guard !hasKeyframe, ContinuousClock.now - began > .seconds(options.openTimeout + 20) else { return }
        throw GuardianError(
            .deadlineExceeded,
            "The camera sends no keyframe with parameter sets. Set its keyframe interval to a few seconds.")
    }

    public func next() throws -> SourceItem? {
        if !queue.isEmpty { return queue.removeFirst() }
        guard demuxer != nil else { throw GuardianError(.failedPrecondition, "The camera's stream is not open.") }
        while true {
            interruption.allow(options.readTimeout)
            defer { interruption.allow(nil) }
            guard let packet = try readPacket() else { return nil }
            guard packet.kind == .video, stream?.codec.isRecordable != false else { return .packet(packet) }
            let before = stream
            guard canDecode(packet) else {
                try checkKeyframeDeadline()
                continue
            }
            if let before, let stream, before != stream {
                queue.append(.packet(packet))
                return .changed(stream)
            }
            return .packet(packet)
        }
    }

    /// Updates the parameter sets from a packet. Returns whether it can be decoded: a keyframe with complete parameter
    /// sets came with it or before it.
    private func canDecode(_ packet: Packet) -> Bool {
        guard packet.kind == .video else { return hasKeyframe }
        guard packet.isKeyframe else { return hasKeyframe }
        let codec = demuxer?.description.codec ?? .h264
        let received = packet.withBytes { ParameterSets(codec: codec, packet: $0) }
        let known = sets ?? ParameterSets(codec: codec, extradata: [])
        let newer = known.updated(by: received)
        if newer != known || stream == nil {
            guard newer.isComplete, let parameters = newer.sequence else { return hasKeyframe && stream != nil }
            sets = newer
            stream = StreamDescription(
                codec: codec, extradata: newer.annexB, width: parameters.width, height: parameters.height,
                audio: demuxer?.description.audio)
        }
        hasKeyframe = true
        return true
    }

    /// Reads the next packet. libav returns the first packet of some cameras without a time: it gets the time of the
    /// second minus one frame duration.
    private func readUnit() throws -> Demuxer.Unit? {
        if let unit = held {
            held = nil
            return unit
        }
        guard var unit = try readNoting() else { return nil }
        if menders.isEmpty, unit.pts == nil, unit.dts == nil {
            held = try demuxer?.read(Self.what)
            if let time = held?.dts ?? held?.pts {
                unit.pts = time - FrameInterval(initial: demuxer?.frameDuration ?? 0).typical
            }
        }
        return unit
    }

    /// Reads the next unit. An end by the camera is noted: it may not see that its session is kept alive.
    private func readNoting() throws -> Demuxer.Unit? {
        func noteEnd() {
            guard let camera, relay == nil, !interruption.wasInterrupted else { return }
            RTSPQuirks.known.noteEnd(of: camera.endpoint, after: (ContinuousClock.now - began) / .seconds(1))
        }
        do {
            let unit = try demuxer?.read(Self.what)
            if unit == nil { noteEnd() }
            return unit
        } catch let error as GuardianError {
            if error.code == .unavailable { noteEnd() }
            throw error
        }
    }

    private func readPacket() throws -> Packet? {
        guard let unit = try readUnit() else { return nil }
        // Both clocks are read together: their difference shows when the wall clock is set.
        let (now, arrived) = (ContinuousClock.now, wallClock.now())
        let arrival = Ticks(now - began)
        // RTP has presentation times only. libav's decoding times are guesses: for H.265 they fall with reordered frames.
        let dts = unit.kind == .video && unit.pts != nil ? nil : unit.dts
        var mender = menders[unit.kind] ?? makeMender(of: unit.kind, first: dts ?? unit.pts ?? 0, arrival: arrival)
        let mended = mender.mend(pts: unit.pts, dts: dts, duration: unit.duration, arrival: arrival)
        menders[unit.kind] = mender
        if mended.discontinuity { hasJumped = true }
        // A timestamp that was put right loses no frame; only a hole in the timeline is reported.
        let isHole = mended.discontinuity && mended.dts - (newest[unit.kind] ?? mended.dts) > .seconds(1)
        newest[unit.kind] = mended.dts
        defer { sequence += 1 }
        return Packet(
            storage: unit.storage, kind: unit.kind, pts: mended.pts, dts: mended.dts, duration: mended.duration,
            isKeyframe: unit.isKeyframe, arrival: arrived, arrivalInstant: now, sequence: sequence,
            discontinuity: isHole || mended.missingBefore > 0, missingBefore: mended.missingBefore)
    }

    /// Makes the mender of a kind at its first packet.
    private func makeMender(of kind: Packet.Kind, first: Ticks, arrival: Ticks) -> TimestampMender {
        let frameDuration = kind == .video ? demuxer?.frameDuration ?? 0 : 0
        let reorder = kind == .video ? sets?.sequence?.reorder ?? 0 : 0
        if menders.isEmpty {
            // The first decoding time is as much earlier as frames are reordered.
            shift = timelineOffset - first + FrameInterval(initial: frameDuration).typical * reorder
            start = arrival
        }
        // Video and audio get the same shift, so that they stay synchronous. But cameras begin both at any number, and then
        // libav counts both from 0, although one may have begun seconds later.
        let due = timelineOffset + arrival - start
        let offset = (first + shift - due).magnitude > Self.longestOffset ? due - first : shift
        if offset != shift { hasJumped = true }
        return TimestampMender(offset: offset, frameDuration: frameDuration, reorder: reorder)
    }

    public func close() {
        // Closing says goodbye to the camera, and must not wait for one that does not answer.
        interruption.allow(Self.goodbye)
        defer { interruption.allow(nil) }
        demuxer = nil
        relay?.close()
        relay = nil
        menders = [:]
        newest = [:]
        stream = nil
        sets = nil
        hasKeyframe = false
        hasJumped = false
        queue = []
        held = nil
    }
}
