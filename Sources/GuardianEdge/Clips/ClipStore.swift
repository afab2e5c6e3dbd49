import Foundation
import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianStorage
import Logging
import Synchronization

/// The clips' files, on the clips' disk or, while that is away, in the emergency folder. Only retention deletes footage.
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
    public var keepFree: Int64 { floor() }
    private let floor: @Sendable () -> Int64
    let logger: Logger
    let retention: Mutex<ClipRetention>
    /// Takes clips while the clips' disk is away; `nil`: recording pauses then.
    let emergency: EmergencyFolder?
    /// Given up when a full disk refuses a tombstone.
    let reserve: DiskReserve?
    private let place: Place?
    private let isAwayLogged = Atomic<Bool>(false)
    /// Clips whose files could not be renamed for their deletion; at most `undeletableLimit`.
    let undeletable = Mutex<Set<ClipID>>([])
    static let undeletableLimit = 1_000
    /// Clips whose files are being deleted or moved: a few.
    private let claimed = Mutex<Set<ClipID>>([])
    /// How many clips this process has deleted because of their age.
    let deletedForAge = Atomic<Int>(0)
    /// How many clips this process has deleted to make room.
    let deletedForRoom = Atomic<Int>(0)
    private let created = Mutex(CreatedClips())
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
    ///   - keepFree: bytes that stay free on the disk; read at each use.
    ///   - retention: which clips may be deleted; `setRetention` sets it later.
    ///   - place: tells whether the clips' disk is away; `nil`: it never is.
    ///   - emergency: takes clips while it is away; `nil`: recording pauses then.
    ///   - space: reads the space of a folder's disk; replaceable for tests.
    public init(
        folder: String, keepFree: @escaping @autoclosure @Sendable () -> Int64,
        retention: ClipRetention = .keepEverything,
        place: Place? = nil, emergency: EmergencyFolder? = nil, reserve: DiskReserve? = nil,
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(),
        logger: Logger,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.folder = folder
        floor = keepFree
        self.logger = logger
        self.retention = Mutex(retention)
        self.place = place
        self.emergency = emergency
        self.reserve = reserve
        self.space = space
        self.clock = clock
        self.monotonic = monotonic
        (coverage, coverageContinuation) = AsyncStream.makeStream()
    }

    /// Sets which clips may be deleted.
    public func setRetention(_ value: ClipRetention) { retention.withLock { $0 = value } }

    /// Whether the clips' disk is there.
    public var isPlacePresent: Bool { place?.isPresent ?? true }

    /// Why the clips' disk is away, as a sentence; `nil` while it is there.
    public var awayReason: String? {
        guard let place, case .away(let reason) = place.state else { return nil }
        return reason
    }

    /// Finds out whether the clips' disk is there, and logs when that changes.
    func checkPlace() async {
        guard let place else { return }
        let state = await place.check()
        guard isAwayLogged.exchange(state != .present, ordering: .relaxed) != (state != .present) else { return }
        switch state {
        case .present: logger.notice("clips' disk is back")
        case .away(let reason): logger.error("clips' disk is away", metadata: ["reason": "\(reason)"])
        }
    }

    /// Returns where a clip's file is.
    public func url(of clip: ClipID, camera: CameraID) -> URL {
        if let emergency, emergency.contains(clip) { return emergency.url(of: clip, camera: camera) }
        return ClipPath.url(in: folder, clip, camera: camera)
    }

    /// Returns where a new clip is to be recorded: on the clips' disk, or in the emergency folder while that is away.
    package func urlForRecording(_ clip: ClipID, camera: CameraID) -> URL {
        created.withLock { $0.insert(clip) }
        if !isPlacePresent, let emergency { emergency.add(clip, camera: camera) }
        return url(of: clip, camera: camera)
    }

    /// Creates the file of a new clip with `create`. The disk may have gone away since it was checked last, up to a second ago:
    /// then the file is made in the emergency folder, and not below the empty mount point, where it would be lost once the disk
    /// is back.
    ///
    /// - Throws: what `create` throws.
    package func createFile<File>(of clip: ClipID, camera: CameraID, _ create: (URL) throws -> File) throws -> File {
        let first = urlForRecording(clip, camera: camera)
        guard let place, let emergency, !emergency.contains(clip) else { return try create(first) }
        do {
            let file = try create(first)
            if place.holds(first.path) { return file }
            unlink(first.path)
        } catch {
            // Only the folder's own fault is a reason to record elsewhere; a full disk makes room first.
            guard access(folder, W_OK) != 0 || !place.holds(folder) else { throw error }
        }
        noteAway()
        emergency.add(clip, camera: camera)
        return try create(url(of: clip, camera: camera))
    }

    /// Whether a file that was found in the clips' folder is on the clips' disk.
    func holds(_ path: String) -> Bool { place?.holds(path) ?? true }

    /// Whether the place of a clip's file is there at this moment, so that a file that is not found is gone.
    func isReachable(_ clip: ClipID) -> Bool { isInEmergencyFolder(clip) || isPlaceReachable }

    func isInEmergencyFolder(_ clip: ClipID) -> Bool { emergency?.contains(clip) == true }

    /// Whether the clips' disk is there at this moment.
    var isPlaceReachable: Bool { place?.isReachable ?? true }

    /// Whether the file of a clip is gone, and not only its disk is away.
    ///
    /// - Parameter path: its path, or the one that it has while it is deleted.
    func isGone(_ clip: ClipID, _ path: String) -> Bool {
        guard let place, !isInEmergencyFolder(clip) else { return FilePresence.isMissing(path) }
        return place.lacks(path)
    }

    /// Notes that the clips' disk has gone away, before the next check finds out.
    func noteAway() { place?.noteAway("The disk of \(folder) is away, or cannot be written.") }

    /// Reserves a clip's file for a deletion or a move, so that only one of them changes it. `release` ends that.
    ///
    /// - Returns: whether nobody else had reserved it.
    func claim(_ clip: ClipID) -> Bool { claimed.withLock { $0.insert(clip).inserted } }

    func release(_ clip: ClipID) { _ = claimed.withLock { $0.remove(clip) } }

    /// Whether this process has created the clip, and its recorder closes it.
    func hasCreated(_ clip: ClipID) -> Bool { created.withLock { $0.contains(clip) } }

    /// Leaves a clip that its recorder could not close to reconciliation.
    func abandon(_ clip: ClipID) { created.withLock { $0.abandon(clip) } }

    /// How many clips were left to reconciliation so far.
    package var abandoned: Int { created.withLock { $0.abandoned } }

    /// Returns the space on the clips' disk.
    ///
    /// - Throws: `notFound` when the folder does not exist.
    public func diskSpace() throws -> DiskSpace { try space(folder) }

    /// Whether recording is paused: the disk is full and no clip may be deleted, or it is away and the emergency folder is full.
    public var isFull: Bool { full.load(ordering: .acquiring) }

    /// Whether more than `keepFree` bytes are free, or the free space cannot be read: nothing is deleted on a guess.
    public var hasRoom: Bool {
        guard let free = try? diskSpace().free else { return true }
        return free > keepFree
    }

    /// Returns the readable extent of a clip's file now.
    ///
    /// - Throws: `notFound` when the file was deleted, `unavailable` when the clips' disk is away.
    public func extent(of clip: ClipID, camera: CameraID) throws -> Extent {
        let path = url(of: clip, camera: camera).path
        if let awayReason, !isInEmergencyFolder(clip) {
            throw GuardianError(.unavailable, "The clip \(clip) cannot be read now. \(awayReason)")
        }
        if let length = open.withLock({ $0[clip] }) { return Extent(path: path, length: length, isOpen: true) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard isGone(clip, path) else {
                throw GuardianError(.unavailable, "The clip \(clip) cannot be read now: its disk is away, or fails.")
            }
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
