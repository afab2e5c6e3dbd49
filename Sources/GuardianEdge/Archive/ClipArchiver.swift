import Foundation
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging

/// Archives one clip: part 0 while it is recorded; after an interruption that the node did not wait for, or after a crash of
/// the recorder, the rest as further parts.
struct ClipArchiver: Sendable {
    let clip: LedgerClip
    let ledger: ArchiveLedger
    let store: ClipStore
    let journal: Journal
    let settings: ArchiveSettings
    let sender: PartSender
    /// Where files with the marks of parts are written.
    let folder: String
    let clock: any WallClock
    var monotonic: any MonotonicClock = SystemMonotonicClock()
    let logger: Logger

    /// How sending a clip's parts ended.
    private enum Outcome {
        case complete
        case refused(String, forGood: Bool)
        /// The clip's file is gone or damaged.
        case lost(String)
    }

    /// Tasks that wait for receipts. Each returns the part's number if the node no longer has the part, otherwise `nil`.
    private typealias Receipts = ThrowingTaskGroup<Int?, any Error>

    /// Archives the clip and returns when its state is final, or when the node refused it for now. Receipts for interrupted
    /// parts are awaited while the next parts are sent.
    ///
    /// - Throws: `CancellationError`, `UnreadableFile`, and what the ledger or the journal throw.
    func run() async throws {
        try await ledger.set(clip.clip, to: .uploading)
        try await withThrowingTaskGroup(of: Int?.self) { receipts in
            defer { receipts.cancelAll() }
            var awaited: Set<Int> = []
            let result = try await sendParts(&receipts, &awaited)
            if case .refused(let reason, forGood: false) = result { return try await refuse(.refused, reason) }
            try await awaitReceipts(&receipts, &awaited)
            var missing: [Int] = []
            for try await part in receipts { if let part { missing.append(part) } }
            switch result {
            case .refused(let reason, _): try await refuse(.failed, reason)
            case .lost(let reason): try await giveUp(reason)
            case .complete where missing.isEmpty: try await finish()
            case .complete:
                let names = missing.sorted().map(String.init).joined(separator: ", ")
                try await giveUp("The node no longer has part \(names) of this clip.")
            }
        }
    }

    private func sendParts(_ receipts: inout Receipts, _ awaited: inout Set<Int>) async throws -> Outcome {
        let path = store.url(of: clip.clip, camera: clip.camera).path
        do {
            while let sealing = try await nextPart() {
                try await awaitReceipts(&receipts, &awaited)
                try await ledger.begin(sealing.part, of: clip.clip)
                let settlement = try await sender.retrying(settings, onFirstFailure: logFailure) {
                    try await sender.send(sealing, timeouts: $0)
                }
                if case .refused(let reason, let forGood) = settlement {
                    try await ledger.forget(sealing.part.number, of: clip.clip)
                    return .refused(reason, forGood: forGood)
                }
                try await settle(sealing.part, settlement, await sealing.completion)
            }
            return .complete
        } catch let error as GuardianError where error.code == .notFound || error.code == .dataLoss {
            guard store.url(of: clip.clip, camera: clip.camera).path == path else {
                // It moved back to the clips' disk meanwhile.
                return try await sendParts(&receipts, &awaited)
            }
            guard error.code == .notFound ? store.isGone(clip.clip, path) : store.isReachable(clip.clip) else {
                throw UnreadableFile(cause: GuardianError(.unavailable, "The clip's disk is away.", cause: error))
            }
            return .lost(error.message)
        }
    }

    /// Returns the part to seal next, beginning where the parts before it end; `nil` when the whole clip was sent.
    private func nextPart() async throws -> PartSealing? {
        let path = store.url(of: clip.clip, camera: clip.camera).path
        while true {
            let parts = try await ledger.parts(of: clip.clip)
            guard let last = parts.last else { return try sealing(0, after: nil, PartPlaintext(path: path)) }
            guard let outcome = last.outcome else {
                // The process that had its key in memory has ended, so the part cannot be continued.
                try await close(last)
                continue
            }
            if outcome.isComplete { return nil }
            let previous =
                last.start == 0 ? PartPlaintext(path: path) : try PartPlaintext(path: path, continuingAt: last.start)
            let place = previous.filePlace(of: outcome.plaintextLength)
            return try sealing(last.number + 1, after: last.bind, PartPlaintext(path: path, continuingAt: place))
        }
    }

    private func sealing(_ number: Int, after previous: Hash256?, _ plaintext: PartPlaintext) throws -> PartSealing {
        try PartSealing(
            clip: clip.clip, camera: clip.camera, number: number, previous: previous, plaintext: plaintext,
            store: store, settings: settings, marks: try marks(number), clock: clock, monotonic: monotonic)
    }

    private func close(_ part: LedgerPart) async throws {
        let settlement = try await sender.retrying(settings, onFirstFailure: logFailure) {
            try await sender.close(part.number, timeouts: $0)
        }
        switch settlement {
        case .unknown, .refused: try await ledger.forget(part.number, of: clip.clip)
        case .stored, .interrupted: try await settle(part, settlement, nil)
        }
    }

    private func settle(
        _ part: LedgerPart, _ settlement: PartSender.Settlement, _ completion: PartMark?
    ) async throws {
        switch settlement {
        case .stored(let objectKey, let size, let isInterrupted):
            try await settle(part, at: size, isInterrupted, completion)
            try await note(part.number, storedAs: objectKey)
        case .interrupted(let size): try await settle(part, at: size, true, completion)
        // The part cannot be continued; `nextPart` closes it before the next one begins.
        case .unknown, .refused: break
        }
    }

    private func settle(
        _ part: LedgerPart, at size: Int64, _ isInterrupted: Bool, _ completion: PartMark?
    ) async throws {
        let marks = try marks(part.number)
        let known = try completion.flatMap { $0.sealedLength == size ? $0 : nil } ?? marks.mark(at: size)
        var mark = try known ?? PartMark(part, sealedLength: size)
        mark.isComplete = !isInterrupted
        try await ledger.settle(part.number, of: clip.clip, as: mark)
        marks.remove()
    }

    private func note(_ part: Int, storedAs objectKey: String) async throws {
        try await ledger.noteStored(part, of: clip.clip)
        if part == 0 { try await ledger.set(clip.clip, to: .uploading, objectKey: objectKey) }
    }

    /// Starts a task for each interrupted part that waits for its receipt, unless one was started before.
    private func awaitReceipts(_ receipts: inout Receipts, _ awaited: inout Set<Int>) async throws {
        for part in try await ledger.parts(of: clip.clip) where !part.isStored {
            guard let outcome = part.outcome, awaited.insert(part.number).inserted else { continue }
            receipts.addTask {
                let settlement = try await sender.retrying(settings, onFirstFailure: logFailure) {
                    try await sender.close(part.number, untilStored: true, timeouts: $0)
                }
                // A node that was restored from a backup may have another length of the part.
                guard case .stored(let objectKey, outcome.sealedLength, _) = settlement else { return part.number }
                try await note(part.number, storedAs: objectKey)
                return nil
            }
        }
    }

    private func refuse(_ state: ClipArchiveState, _ reason: String) async throws {
        try await ledger.set(
            clip.clip, to: state, reason: reason, retryAfter: settings.retryAfter.components.seconds * 1_000)
        logger.warning("node refused a clip", metadata: ["clip": "\(clip.clip)", "reason": "\(reason)"])
    }

    private func finish() async throws {
        try await ledger.set(clip.clip, to: .stored)
        try await record()
        logger.info("clip archived", metadata: ["clip": "\(clip.clip)"])
    }

    private func giveUp(_ reason: String) async throws {
        let hasParts = try await !ledger.parts(of: clip.clip).isEmpty
        try await ledger.set(clip.clip, to: hasParts ? .interrupted : .failed, reason: reason)
        if hasParts { try await record() }
        logger.warning("clip cannot be archived", metadata: ["clip": "\(clip.clip)", "reason": "\(reason)"])
    }

    /// Writes into the journal which parts of the clip the archive must have.
    private func record() async throws {
        let parts = try await ledger.parts(of: clip.clip).compactMap { part in
            part.outcome.map { outcome in
                SealedClip.Part(
                    number: part.number, bind: part.bind, isComplete: outcome.isComplete,
                    plaintextLength: outcome.plaintextLength, lastingLength: outcome.lastingLength,
                    lastingHash: outcome.lastingHash)
            }
        }
        try await journal.append(
            [.clipSealed(SealedClip(clip: clip.clip, camera: clip.camera, parts: parts))], at: clock.now())
    }

    private func logFailure(_ failure: GuardianError) {
        logger.notice("sending a clip failed, retrying", metadata: ["clip": "\(clip.clip)", "reason": "\(failure)"])
    }

    private func marks(_ part: Int) throws -> PartMarks {
        try PartMarks(folder: folder, clip: clip.clip, part: part)
    }
}

extension PartMark {
    /// A mark for a part whose marks file lacks it: lengths computed from the format, without a hash.
    init(_ part: LedgerPart, sealedLength: Int64) throws {
        self.init(
            sealedLength: sealedLength,
            plaintextLength: try ArchiveSettings.plaintextLength(inBody: sealedLength - part.prefixLength),
            lastingLength: 0, lastingHash: nil, isComplete: false)
    }
}
