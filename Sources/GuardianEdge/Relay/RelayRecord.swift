import GuardianCore
import GuardianIdentity
import GuardianWire
import Synchronization

/// Writes to the audit log who watches recordings from the node: once for each person and recording, since a player asks for many ranges.
final class RelayRecord: Sendable {
    /// What was written lately; the oldest is forgotten, and would be written again.
    private static let limit = 512

    private struct Watching: Hashable {
        let account: String
        let item: RelayGrant.Item
    }

    private let log: @Sendable () -> AuditLog?
    private let written = Mutex<[Watching]>([])

    /// - Parameter log: `nil` while the accounts are not open.
    init(log: @escaping @Sendable () -> AuditLog?) { self.log = log }

    /// - Throws: `unavailable` when the log cannot be written now, and what writing it throws.
    func write(_ grant: RelayGrant) async throws {
        let watching = Watching(account: grant.account, item: grant.item)
        guard !written.withLock({ $0.contains(watching) }) else { return }
        guard let log = log() else {
            throw GuardianError(.unavailable, "The recorder is starting; try again in a moment.")
        }
        let (kind, id) =
            switch grant.item {
            case .clip(let clip): ("clip", clip.description)
            case .snapshot(let event): ("event", event.description)
            }
        try await log.recordOwnAct(
            .footageSent, about: id, ["kind": kind, "name": grant.name, "account": grant.account])
        written.withLock { written in
            written.append(watching)
            if written.count > Self.limit { written.removeFirst() }
        }
    }
}
