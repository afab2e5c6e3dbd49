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

    /// Returns when the clip is settled, or refused for now.
    ///
    /// - Throws: `CancellationError`, and what the ledger or the journal throw.
    func run() async throws {
        try await ledger.set(clip.clip, to: .uploading)
        do {
            while let sealing = try await nextPart() {
                try await ledger.begin(sealing.part, of: clip.clip)
                let settlement = try await sender.patiently(settings, told: tell) {
                    try await sender.send(sealing, patience: $0)
                }
                guard try await settle(sealing.part, settlement, await sealing.completion) else { return }
            }
            try await collectReceipts()
            try await finish()
        } catch let error as GuardianError where error.code == .notFound || error.code == .dataLoss {
            try await giveUp(error.message)
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
        case .stored, .interrupted: _ = try await settle(part, settlement, nil)
        }
    }

    /// - Returns: whether the clip goes on.
    private func settle(
        _ part: ArchivedPart, _ settlement: PartSender.Settlement, _ completion: PartMark?
    ) async throws -> Bool {
        switch settlement {
        case .stored(let objectKey, let size, let isInterrupted):
            try await settle(part, at: size, isInterrupted, completion)
            try await note(part.number, storedAs: objectKey)
        case .interrupted(let size):
            try await settle(part, at: size, true, completion)
        case .refused(let reason, let forGood):
            try await ledger.forget(part.number, of: clip.clip)
            try await ledger.set(
                clip.clip, to: forGood ? .failed : .refused, reason: reason,
                retryAfter: settings.retryAfter.components.seconds * 1_000)
            logger.warning("the archive refuses a clip", metadata: ["clip": "\(clip.clip)", "reason": "\(reason)"])
            return false
        case .unknown: break
        }
        return true
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

    /// Waits until the store has what was interrupted on the way, too.
    ///
    /// - Throws: `dataLoss` when the node has lost it.
    private func collectReceipts() async throws {
        for part in try await ledger.parts(of: clip.clip) where !part.isStored {
            let settlement = try await sender.patiently(settings, told: tell) {
                try await sender.close(part.number, untilStored: true, patience: $0)
            }
            guard case .stored(let objectKey, _, _) = settlement else {
                throw GuardianError(.dataLoss, "The node has lost part \(part.number) of this clip.")
            }
            try await note(part.number, storedAs: objectKey)
        }
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
