import Foundation
import GuardianCore
import Synchronization

/// The folder on the state's disk that takes new clips while the clips' own disk is away. It is bounded: when it is full,
/// recording pauses. Its clips move to the clips' disk once that is back.
public final class EmergencyFolder: Sendable {
    public let folder: String
    /// Bytes that all of its clips may have.
    private let limit: Int64
    /// Bytes that stay free on its disk.
    private let keepFree: Int64
    private let space: @Sendable (String) throws -> DiskSpace
    private let cameras: Mutex<[ClipID: CameraID]>

    /// - Parameters:
    ///   - limit: bytes that all of its clips may have.
    ///   - keepFree: bytes that stay free on its disk.
    ///   - space: reads the space of a folder's disk; replaceable for tests.
    public init(
        folder: String, limit: Int64 = 2 << 30, keepFree: Int64 = 256 << 20,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.folder = folder
        self.limit = limit
        self.keepFree = keepFree
        self.space = space
        let found = ClipPath.files(in: folder).map { ($0.clip, $0.camera) }
        cameras = Mutex(Dictionary(found, uniquingKeysWith: { first, _ in first }))
    }

    /// The clips in it, oldest first.
    var clips: [(clip: ClipID, camera: CameraID)] {
        cameras.withLock { $0.map { ($0.key, $0.value) } }.sorted { $0.clip < $1.clip }
    }

    func contains(_ clip: ClipID) -> Bool { cameras.withLock { $0[clip] != nil } }

    func add(_ clip: ClipID, camera: CameraID) { cameras.withLock { $0[clip] = camera } }

    func remove(_ clip: ClipID) { _ = cameras.withLock { $0.removeValue(forKey: clip) } }

    func url(of clip: ClipID, camera: CameraID) -> URL { ClipPath.url(in: folder, clip, camera: camera) }

    /// Whether another fragment may be written.
    var hasRoom: Bool { hasRoom(within: limit) }

    /// Whether it has room for clips without an event: these have a share of it, so that events have the rest.
    var hasRoomForContinuousClips: Bool { hasRoom(within: ClipRetention.continuousShare(of: limit)) }

    private func hasRoom(within limit: Int64) -> Bool {
        let parent = URL(filePath: folder).deletingLastPathComponent().path
        guard let free = try? space(parent).free, free > keepFree else { return false }
        return bytes < limit
    }

    /// Bytes of the clips in it.
    var bytes: Int64 {
        clips.reduce(0) { sum, clip in
            var status = stat()
            return stat(url(of: clip.clip, camera: clip.camera).path, &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }
}
