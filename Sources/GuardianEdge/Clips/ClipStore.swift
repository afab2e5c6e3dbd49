import Foundation
import GuardianCore
import GuardianJournal
import Logging
import Synchronization

/// The clips' files: `<folder>/<camera UUID>/<yyyy>/<mm>/<dd>/<clip UUID>.mp4`, days in UTC by the clip's beginning,
/// which its UUIDv7 carries to the millisecond. Footage is deleted by retention alone.
public final class ClipStore: Sendable {
    /// A clip's file as far as it may be served.
    public struct Extent: Sendable, Hashable {
        public var path: String
        /// Bytes of whole fragments that stand in the file.
        public var length: Int64
        /// It still grows.
        public var isOpen: Bool
    }

    public let folder: String
    /// Bytes that stay free on the disk; below it recording makes room or pauses.
    public let keepFree: Int64
    let logger: Logger
    let retention: Mutex<ClipRetention>
    private let space: @Sendable (String) throws -> DiskSpace
    private let open = Mutex<[ClipID: Int64]>([:])
    let full = Atomic<Bool>(false)
    /// When the disk had no room for recording, and when it had again: entries for the journal, of all cameras. For one
    /// reader, who must read it.
    public let coverage: AsyncStream<Coverage>
    let coverageContinuation: AsyncStream<Coverage>.Continuation
    let clock: any WallClock
    /// Rises whenever a clip grows or is closed: what follows a growing file waits for it.
    public let growth = Watermark(0)

    /// - Parameters:
    ///   - retention: what may go; it can be told later by `setRetention`.
    ///   - space: asks the disk; a test may answer in its place.
    public init(
        folder: String, keepFree: Int64, retention: ClipRetention = .keepEverything,
        clock: any WallClock = SystemClock(), logger: Logger,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.folder = folder
        self.keepFree = keepFree
        self.logger = logger
        self.retention = Mutex(retention)
        self.space = space
        self.clock = clock
        (coverage, coverageContinuation) = AsyncStream.makeStream()
    }

    /// Says what may go, once that is known.
    public func setRetention(_ value: ClipRetention) { retention.withLock { $0 = value } }

    /// Where a clip's file is, or will be.
    public func url(of clip: ClipID, camera: CameraID) -> URL {
        let day = clip.time.rfc3339.prefix(10).replacing("-", with: "/")
        return URL(filePath: folder).appending(path: "\(camera)/\(day)/\(clip).mp4")
    }

    /// Space on the disk of the clips. Throws `notFound` when the folder is gone.
    public func diskSpace() throws -> DiskSpace { try space(folder) }

    /// The disk is below its floor and nothing may go: nothing is recorded.
    public var isFull: Bool { full.load(ordering: .acquiring) }

    /// Whether the disk is above its floor.
    public var hasRoom: Bool { ((try? diskSpace().free) ?? 0) > keepFree }

    /// What may be served of a clip's file now. Throws `notFound` when it is gone.
    public func extent(of clip: ClipID, camera: CameraID) throws -> Extent {
        let path = url(of: clip, camera: camera).path
        if let length = open.withLock({ $0[clip] }) { return Extent(path: path, length: length, isOpen: true) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw GuardianError(.notFound, "The file of the clip \(clip) is not on the disk any more.")
        }
        return Extent(path: path, length: Int64(status.st_size), isOpen: false)
    }

    /// An open clip has grown.
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
