import Foundation
import GuardianCore
import Synchronization

/// A folder whose contents a database knows, recognised by its marker. While the marker is missing or another one's, the
/// folder is away: its contents must neither be deleted nor declared missing.
public final class Place: Sendable {
    public enum State: Sendable, Hashable {
        case present
        /// Why it cannot be used, as a sentence for a person.
        case away(String)
    }

    /// Where the database keeps the identity of the place.
    public struct Register: Sendable {
        public var read: @Sendable () async throws -> UUID?
        public var write: @Sendable (UUID) async throws -> Void

        public init(
            read: @escaping @Sendable () async throws -> UUID?, write: @escaping @Sendable (UUID) async throws -> Void
        ) {
            self.read = read
            self.write = write
        }
    }

    public let folder: String
    private let register: Register
    private let isRecognised: @Sendable () async throws -> Bool
    private let user: PlaceUser?
    private let current = Mutex<State?>(nil)
    /// The identity as of the last `check` that found the place.
    private let identity = Mutex<UUID?>(nil)

    /// - Parameters:
    ///   - register: where the identity is kept.
    ///   - user: who uses it; `nil`: nobody else can.
    ///   - isRecognised: whether a folder without a marker, of which the database has no identity either, may be used: it
    ///     holds a file that the database names, or the database names none.
    public init(
        _ folder: String, register: Register, user: PlaceUser? = nil,
        isRecognised: @escaping @Sendable () async throws -> Bool = { true }
    ) {
        self.folder = folder
        self.register = register
        self.user = user
        self.isRecognised = isRecognised
    }

    /// The state as of the last `check`; away before the first one.
    public var state: State { current.withLock { $0 } ?? .away("\(folder) has not been checked yet.") }

    public var isPresent: Bool { state == .present }

    /// Whether the place is there at this moment. Its disk may have gone away since it was checked last, up to a second ago.
    public var isReachable: Bool { isPresent && holds(folder) }

    /// Reads the marker and compares it with the register. A new folder gets its identity here, and a folder whose identity
    /// the database does not know keeps the one that it has.
    @discardableResult
    public func check() async -> State {
        let state: State
        do { state = try await compare() } catch {
            state = .away(GuardianError.wrap(error, "\(folder) cannot be checked.").message)
        }
        current.withLock { $0 = state }
        return state
    }

    /// Returns whether a file is in this place and not for example in the empty mount point of its disk, which may have gone
    /// away since the last `check`. The file must exist.
    public func holds(_ path: String) -> Bool {
        guard let known = identity.withLock({ $0 }), (try? PlaceMarker.read(folder)) == known else { return false }
        var (file, marker) = (stat(), stat())
        return stat(path, &file) == 0 && stat("\(folder)/\(PlaceMarker.name)", &marker) == 0
            && file.st_dev == marker.st_dev
    }

    /// Returns whether this place has no such file, and not only its disk is away. That is checked before and after the look,
    /// since the disk may come back in between.
    public func lacks(_ path: String) -> Bool { isReachable && FilePresence.isMissing(path) && isReachable }

    /// Notes that the place is away before the next `check` finds out.
    ///
    /// - Parameter reason: a sentence for a person.
    public func noteAway(_ reason: String) { current.withLock { $0 = .away(reason) } }

    /// Leaves the place to another user. To be called when nothing in it is used any more.
    public func release() { user?.release(folder) }

    private func compare() async throws -> State {
        let (known, found) = (try await register.read(), try PlaceMarker.read(folder))
        if let found, known ?? found == found { identity.withLock { $0 = found } }
        switch (known, found) {
        case (let known?, let found?) where known == found: return usable()
        case (_?, _?): return .away("\(folder) belongs to another installation of Guardian.")
        case (_?, nil): return .away("The disk of \(folder) is away: the folder lacks the file \(PlaceMarker.name).")
        case (nil, let found?):
            // Not before: it may be another one's for good.
            if let obstacle = user?.obstacle(in: folder) { return .away(obstacle) }
            try await register.write(found)
            return usable()
        case (nil, nil):
            guard try await isRecognised() else {
                return .away("The disk of \(folder) is away: no file that should be there was found.")
            }
            let id = try PlaceMarker.claim(UUID(), for: folder)
            try await register.write(id)
            identity.withLock { $0 = id }
            return usable()
        }
    }

    private func usable() -> State {
        if let obstacle = user?.obstacle(in: folder) { return .away(obstacle) }
        guard access(folder, W_OK) == 0 else {
            return .away("\(folder) cannot be written: \(String(cString: strerror(errno))).")
        }
        return .present
    }
}
