import Foundation
import GuardianCore
import GuardianJournal
import Logging
import Synchronization

/// The clips' files: `<folder>/<camera UUID>/<yyyy>/<mm>/<dd>/<clip UUID>.mp4`. The day is that of the clip's start in UTC,
/// which its UUIDv7 contains in milliseconds. Only retention deletes footage.
public final class ClipStore: Sendable {
    /// The readable extent of a clip's file.
    public struct Extent: Sendable, Hashable {
        public var path: String
        /// Bytes of complete fragments in the file.
        public var length: Int64
        /// Whether it still grows.
        public var isOpen: Bool
    }

    public let folder: String
    /// Bytes that stay free on the disk. With fewer, old clips are deleted or recording pauses.
    public let keepFree: Int64
    let logger: Logger
    let retention: Mutex<ClipRetention>
    private let space: @Sendable (String) throws -> DiskSpace
    private let open = Mutex<[ClipID: Int64]>([:])
    let full = Atomic<Bool>(false)
    /// Coverage entries of all cameras for the journal: when the disk became full, and when it had room again. For one reader;
    /// the stream is unbounded, so it must be read.
    public let coverage: AsyncStream<Coverage>
    let coverageContinuation: AsyncStream<Coverage>.Continuation
    let clock: any WallClock
    let monotonic: any MonotonicClock
    /// Rises whenever a clip grows or is closed. Readers of a growing file wait for it.
    public let growth = Watermark(0)

    /// - Parameters:
    ///   - retention: which clips may be deleted; `setRetention` sets it later.
    ///   - space: reads the space of a folder's disk; replaceable for tests.
    public init(
        folder: String, keepFree: Int64, retention: ClipRetention = .keepEverything,
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(),
        logger: Logger,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.folder = folder
        self.keepFree = keepFree
        self.logger = logger
        self.retention = Mutex(retention)
        self.space = space
        self.clock = clock
        self.monotonic = monotonic
        (coverage, coverageContinuation) = AsyncStream.makeStream()
    }

    /// Sets which clips may be deleted.
    public func setRetention(_ value: ClipRetention) { retention.withLock { $0 = value } }

    /// Returns where a clip's file is or will be.
    public func url(of clip: ClipID, camera: CameraID) -> URL {
        let day = clip.time.rfc3339.prefix(10).replacing("-", with: "/")
        return URL(filePath: folder).appending(path: "\(camera)/\(day)/\(clip).mp4")
    }

    /// Returns the space on the clips' disk.
    ///
    /// - Throws: `notFound` when the folder does not exist.
    public func diskSpace() throws -> DiskSpace { try space(folder) }

    /// Whether recording is paused because the disk is full and no clip may be deleted.
    public var isFull: Bool { full.load(ordering: .acquiring) }

    /// Whether more than `keepFree` bytes are free.
    public var hasRoom: Bool { ((try? diskSpace().free) ?? 0) > keepFree }

    /// Returns the readable extent of a clip's file now.
    ///
    /// - Throws: `notFound` when the file was deleted.
    public func extent(of clip: ClipID, camera: CameraID) throws -> Extent {
        let path = url(of: clip, camera: camera).path
        if let length = open.withLock({ $0[clip] }) { return Extent(path: path, length: length, isOpen: true) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw GuardianError(.notFound, "The file of the clip \(clip) is not on the disk any more.")
        }
        return Extent(path: path, length: Int64(status.st_size), isOpen: false)
    }

    /// Notes the length of an open clip's file.
    package func note(_ clip: ClipID, length: Int64) {
        open.withLock { $0[clip] = length }
        growth.increment()
    }

    package func noteClosed(_ clip: ClipID) {
        _ = open.withLock { $0.removeValue(forKey: clip) }
        growth.increment()
    }

    /// Clips that are being recorded.
    public var openClips: Set<ClipID> { open.withLock { Set($0.keys) } }
}
