import Foundation
import GuardianCore
import GuardianJournal
import GuardianOperations
import Logging

/// Brings one clip into the archive: its first part while it is recorded; after a break that the node did not wait for,
/// or a fall of this recorder, the rest as parts of their own.
struct ClipArchiver: Sendable {
    let clip: ArchivedClip
    let ledger: ArchiveLedger
    let store: ClipStore
    let journal: Journal
    let settings: ArchiveSettings
    let sender: PartSender
    /// Where the marks of parts are kept.
    let folder: String
    let clock: any WallClock
    let logger: Logger

    /// How the sending of a clip's parts ended.
    private enum Ending {
        case complete
        case refused(String, forGood: Bool)
        /// The clip's file is gone or damaged.
        case lost(String)
    }

    /// A group of those who wait for receipts; each returns the number of a part that the node does not have any more.
    private typealias Receipts = ThrowingTaskGroup<Int?, any Error>

    /// Returns when the clip is settled, or refused for now. Parts that were interrupted get their receipts while the next
    /// ones are on their way.
    ///
    /// - Throws: `CancellationError`, and what the ledger or the journal throw.
    func run() async throws {
        try await ledger.set(clip.clip, to: .uploading)
        try await withThrowingTaskGroup(of: Int?.self) { receipts in
            defer { receipts.cancelAll() }
            var awaited: Set<Int> = []
            let ending = try await sendParts(&receipts, &awaited)
            if case .refused(let reason, forGood: false) = ending { return try await refuse(.refused, reason) }
            try await awaitReceipts(&receipts, &awaited)
            var missing: [Int] = []
            for try await part in receipts { if let part { missing.append(part) } }
            switch ending {
            case .refused(let reason, _): try await refuse(.failed, reason)
            case .lost(let reason): try await giveUp(reason)
            case .complete where missing.isEmpty: try await finish()
            case .complete:
                let names = missing.sorted().map(String.init).joined(separator: ", ")
                try await giveUp("The node does not have part \(names) of this clip any more.")
            }
        }
    }

    private func sendParts(_ receipts: inout Receipts, _ awaited: inout Set<Int>) async throws -> Ending {
        do {
            while let sealing = try await nextPart() {
                try await awaitReceipts(&receipts, &awaited)
                try await ledger.begin(sealing.part, of: clip.clip)
                let settlement = try await sender.patiently(settings, told: tell) {
                    try await sender.send(sealing, patience: $0)
                }
                if case .refused(let reason, let forGood) = settlement {
                    try await ledger.forget(sealing.part.number, of: clip.clip)
                    return .refused(reason, forGood: forGood)
                }
                try await settle(sealing.part, settlement, await sealing.completion)
            }
            return .complete
        } catch let error as GuardianError where error.code == .notFound || error.code == .dataLoss {
            return .lost(error.message)
        }
    }

    /// The part to seal next, from where those before it end; `nil` when all of the clip is in the archive.
    private func nextPart() async throws -> PartSealing? {
        let path = store.url(of: clip.clip, camera: clip.camera).path
        while true {
            let parts = try await ledger.parts(of: clip.clip)
            guard let last = parts.last else { return try sealing(0, after: nil, PartPlaintext(path: path)) }
            guard let outcome = last.outcome else {
                // Its key went with the process that sealed it.
                try await close(last)
                continue
            }
            if outcome.isComplete { return nil }
            let before =
                last.start == 0 ? PartPlaintext(path: path) : try PartPlaintext(path: path, goingOnAt: last.start)
            let place = before.filePlace(of: outcome.plaintextLength)
            return try sealing(last.number + 1, after: last.bind, PartPlaintext(path: path, goingOnAt: place))
        }
    }

    private func sealing(_ number: Int, after previous: Hash256?, _ plaintext: PartPlaintext) throws -> PartSealing {
        try PartSealing(
            clip: clip.clip, camera: clip.camera, number: number, previous: previous, plaintext: plaintext,
            store: store, settings: settings, marks: try marks(number), clock: clock)
    }

    private func close(_ part: ArchivedPart) async throws {
        let settlement = try await sender.patiently(settings, told: tell) {
            try await sender.close(part.number, patience: $0)
        }
        switch settlement {
        case .unknown, .refused: try await ledger.forget(part.number, of: clip.clip)
        case .stored, .interrupted: try await settle(part, settlement, nil)
        }
    }

    private func settle(
        _ part: ArchivedPart, _ settlement: PartSender.Settlement, _ completion: PartMark?
    ) async throws {
        switch settlement {
        case .stored(let objectKey, let size, let isInterrupted):
            try await settle(part, at: size, isInterrupted, completion)
            try await note(part.number, storedAs: objectKey)
        case .interrupted(let size): try await settle(part, at: size, true, completion)
        // The node cannot go on in it; whoever looks for the next part closes this one first.
        case .unknown, .refused: break
        }
    }

    private func settle(
        _ part: ArchivedPart, at size: Int64, _ isInterrupted: Bool, _ completion: PartMark?
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

    /// Lets somebody wait for the receipt of every part that was interrupted and that nobody waits for yet.
    private func awaitReceipts(_ receipts: inout Receipts, _ awaited: inout Set<Int>) async throws {
        for part in try await ledger.parts(of: clip.clip) where !part.isStored {
            guard let outcome = part.outcome, awaited.insert(part.number).inserted else { continue }
            receipts.addTask {
                let settlement = try await sender.patiently(settings, told: tell) {
                    try await sender.close(part.number, untilStored: true, patience: $0)
                }
                // A node that was put back from a backup may have another piece of it.
                guard case .stored(let objectKey, outcome.sealedLength, _) = settlement else { return part.number }
                try await note(part.number, storedAs: objectKey)
                return nil
            }
        }
    }

    private func refuse(_ state: ClipArchiveState, _ reason: String) async throws {
        try await ledger.set(
            clip.clip, to: state, reason: reason, retryAfter: settings.retryAfter.components.seconds * 1_000)
        logger.warning("the archive refuses a clip", metadata: ["clip": "\(clip.clip)", "reason": "\(reason)"])
    }

    private func finish() async throws {
        try await ledger.set(clip.clip, to: .stored)
        try await record()
        logger.info("a clip is archived", metadata: ["clip": "\(clip.clip)"])
    }

    private func giveUp(_ reason: String) async throws {
        let isPartly = try await !ledger.parts(of: clip.clip).isEmpty
        try await ledger.set(clip.clip, to: isPartly ? .interrupted : .failed, reason: reason)
        if isPartly { try await record() }
        logger.warning("a clip cannot be archived", metadata: ["clip": "\(clip.clip)", "reason": "\(reason)"])
    }

    /// Writes into the journal what the archive must have of the clip.
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

    private func tell(_ failure: GuardianError) {
        logger.notice("a clip waits for the node", metadata: ["clip": "\(clip.clip)", "reason": "\(failure)"])
    }

    private func marks(_ part: Int) throws -> PartMarks {
        try PartMarks(folder: folder, clip: clip.clip, part: part)
    }
}

extension PartMark {
    /// What can be said of a part without its mark: lengths, but no hash.
    init(_ part: ArchivedPart, sealedLength: Int64) throws {
        self.init(
            sealedLength: sealedLength,
            plaintextLength: try ArchiveSettings.plaintextLength(inBody: sealedLength - part.prefixLength),
            lastingLength: 0, lastingHash: nil, isComplete: false)
    }
}
