import GuardianCore
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// Brings one event's picture into the archive: the one that the event has when it is sealed. Better ones come with the
/// clip, and the node never replaces what it stored.
struct PictureSender: Sendable {
    let event: Event
    let catalogue: Catalogue
    let ledger: ArchiveLedger
    let settings: ArchiveSettings
    let sealed: SealedPictures
    let sender: PartSender
    let logger: Logger

    /// Returns when the picture is settled, or refused for now. However it ends, the event's clips need not wait.
    ///
    /// - Throws: `CancellationError`, and what the ledger or the disk throw.
    func run() async throws {
        let settlement: PartSender.Settlement
        do {
            let picture = try await picture()
            settlement = try await sender.patiently(settings, told: tell) {
                try await sender.send(picture, patience: $0) { await letClipsBegin() }
            }
        } catch let error as GuardianError where error.code == .notFound || error.code == .dataLoss {
            try await settle(as: .failed, reason: error.message)
            logger.warning(
                "a picture cannot be archived", metadata: ["event": "\(event.id)", "reason": "\(error.message)"])
            return
        }
        switch settlement {
        case .stored(let objectKey, _, let isInterrupted):
            try await settle(as: isInterrupted ? .interrupted : .stored, objectKey: objectKey)
            logger.info("a picture is archived", metadata: ["event": "\(event.id)"])
        case .refused(let reason, let forGood):
            try await settle(
                as: forGood ? .failed : .refused, reason: reason,
                retryAfter: settings.retryAfter.components.seconds * 1_000)
            logger.warning(
                "the archive refuses a picture", metadata: ["event": "\(event.id)", "reason": "\(reason)"])
        case .unknown, .interrupted: return
        }
    }

    private func picture() async throws -> SealedPicture {
        do { return try await sealed.picture(of: event) } catch let error as GuardianError
            where error.code == .notFound
        {
            // A better one may have taken its place since the event was read.
            guard let newer = try await catalogue.event(event.id), newer.snapshot != event.snapshot else { throw error }
            return try await sealed.picture(of: newer)
        }
    }

    private func settle(
        as state: ClipArchiveState, reason: String? = nil, objectKey: String? = nil, retryAfter: Int64 = 0
    ) async throws {
        try await ledger.set(event.id, to: state, reason: reason, objectKey: objectKey, retryAfter: retryAfter)
        await sealed.remove(event.id)
        await letClipsBegin()
    }

    private func letClipsBegin() async {
        // Where this fails, they begin by themselves within a second.
        try? await ledger.begin(event.clips.map(\.clip))
    }

    private func tell(_ failure: GuardianError) {
        logger.notice("a picture waits for the node", metadata: ["event": "\(event.id)", "reason": "\(failure)"])
    }
}
