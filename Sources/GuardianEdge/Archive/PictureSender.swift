import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// Archives one event's snapshot: the one that the event has at the time of sealing. Later, better snapshots are not sent:
/// the node never replaces what it stored, and the clip shows the same moments.
struct PictureSender: Sendable {
    let event: Event
    let catalogue: Catalogue
    let ledger: ArchiveLedger
    let settings: ArchiveSettings
    let sealed: SealedPictures
    let sender: PartSender
    let logger: Logger

    /// Archives the snapshot and returns when its state is final, or when the node refused it for now. In each case the
    /// event's clips may start then.
    ///
    /// - Throws: `CancellationError`, and what the ledger or the disk throw.
    func run() async throws {
        let settlement: PartSender.Settlement
        do {
            let picture = try await picture()
            settlement = try await sender.retrying(settings, onFirstFailure: logFailure) {
                try await sender.send(picture, timeouts: $0) { await letClipsStart() }
            }
        } catch let error as GuardianError where error.code == .notFound || error.code == .dataLoss {
            try await settle(as: .failed, reason: error.message)
            logger.warning(
                "snapshot cannot be archived", metadata: ["event": "\(event.id)", "reason": "\(error.message)"])
            return
        }
        switch settlement {
        case .stored(let objectKey, _, let isInterrupted):
            try await settle(as: isInterrupted ? .interrupted : .stored, objectKey: objectKey)
            logger.info("snapshot archived", metadata: ["event": "\(event.id)"])
        case .refused(let reason, let forGood):
            try await settle(
                as: forGood ? .failed : .refused, reason: reason,
                retryAfter: settings.retryAfter.components.seconds * 1_000)
            logger.warning(
                "node refused a snapshot", metadata: ["event": "\(event.id)", "reason": "\(reason)"])
        case .unknown, .interrupted: return
        }
    }

    private func picture() async throws -> SealedPicture {
        do { return try await sealed.picture(of: event) } catch let error as GuardianError
            where error.code == .notFound
        {
            // A better snapshot may have replaced it since the event was read.
            guard let newer = try await catalogue.event(event.id), newer.snapshot != event.snapshot else { throw error }
            return try await sealed.picture(of: newer)
        }
    }

    private func settle(
        as state: ClipArchiveState, reason: String? = nil, objectKey: String? = nil, retryAfter: Int64 = 0
    ) async throws {
        try await ledger.set(event.id, to: state, reason: reason, objectKey: objectKey, retryAfter: retryAfter)
        await sealed.remove(event.id)
        await letClipsStart()
    }

    private func letClipsStart() async {
        // If this fails, their delay ends within a second anyway.
        try? await ledger.begin(event.clips.map(\.clip))
    }

    private func logFailure(_ failure: GuardianError) {
        logger.notice(
            "sending a snapshot failed, retrying", metadata: ["event": "\(event.id)", "reason": "\(failure)"])
    }
}
