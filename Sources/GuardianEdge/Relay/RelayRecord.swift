import GuardianCore
import GuardianIdentity
import GuardianWire
import Synchronization

/// Writes to the audit log who watches from the node: once an hour for each person and recording or camera, since a player asks
/// for many ranges, and opens a live view again after each interruption.
final class RelayRecord: Sendable {
    /// What was written lately; the oldest is forgotten, and would be written again.
    private static let limit = 512
    /// In ms.
    private static let interval: Int64 = 3_600_000

    private struct Watching: Hashable {
        let account: String
        /// Of what, and which.
        let kind: String
        let id: String
    }

    private let log: @Sendable () -> AuditLog?
    private let clock: any WallClock
    private let written = Mutex<[(watching: Watching, at: Timestamp)]>([])

    /// - Parameter log: `nil` while the accounts are not open.
    init(clock: any WallClock, log: @escaping @Sendable () -> AuditLog?) {
        self.clock = clock
        self.log = log
    }

    /// - Throws: `unavailable` when the log cannot be written now, and what writing it throws.
    func write(_ grant: RelayGrant) async throws {
        let (kind, id) =
            switch grant.item {
            case .clip(let clip), .indexedClip(let clip): ("clip", clip.description)
            case .snapshot(let event): ("event", event.description)
            case .cameraPicture(let camera): ("picture", camera.description)
            case .live(let camera): ("live", camera.description)
            }
        let watching = Watching(account: grant.account, kind: kind, id: id)
        let now = clock.now()
        guard
            !written.withLock({ $0.contains { $0.watching == watching && abs(now - $0.at) < Self.interval } })
        else { return }
        guard let log = log() else {
            throw GuardianError(.unavailable, "The recorder is starting; try again in a moment.")
        }
        try await log.recordOwnAct(
            .footageSent, about: id, ["kind": kind, "name": grant.name, "account": grant.account])
        written.withLock { written in
            written.removeAll { $0.watching == watching }
            written.append((watching, now))
            if written.count > Self.limit { written.removeFirst() }
        }
    }
}
