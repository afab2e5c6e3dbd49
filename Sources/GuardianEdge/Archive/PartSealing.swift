import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal

/// Seals one part while its clip grows, and keeps what the node has not acknowledged: nothing is ever sealed twice. Its
/// calls block while they read, on a queue of their own.
actor PartSealing {
    /// What goes to the node next.
    enum Message: Sendable {
        case bytes([UInt8], at: Int64)
        /// Behind so many bytes.
        case checkpoint([UInt8], at: Int64)
        case end(size: Int64)
    }

    /// Bytes of plaintext sealed at once, at most.
    private static let piece = 1 << 20
    /// Bytes that wait for the node's word; beyond them nothing is read, and the clip's file holds the rest.
    private static let window: Int64 = 8 << 20
    private static let checkpointInterval: Duration = .milliseconds(900)

    nonisolated let part: ArchivedPart
    nonisolated let plaintext: PartPlaintext
    private let clip: ClipID
    private let camera: CameraID
    private let store: ClipStore
    private let marks: PartMarks
    private let clock: any WallClock
    private let sealer: ClipSealer
    private let executor: QueueExecutor
    /// Sealed and not acknowledged, in order.
    private var outgoing: [(offset: Int64, bytes: [UInt8])] = []
    private let acknowledged = Watermark(0)
    private var isOpeningDue = true
    private var checkpoint: (bytes: [UInt8], behind: Int64)?
    private var spoken: (bytes: [UInt8], behind: Int64)?
    private var checkpointedAt: ContinuousClock.Instant?
    private var lastMark: PartMark?

    /// - Parameters:
    ///   - number: of the part; `previous` is the `bind` of the part before.
    init(
        clip: ClipID, camera: CameraID, number: Int, previous: Hash256?, plaintext: PartPlaintext, store: ClipStore,
        settings: ArchiveSettings, marks: PartMarks, clock: any WallClock
    ) throws {
        self.clip = clip
        self.camera = camera
        self.plaintext = plaintext
        self.store = store
        self.marks = marks
        self.clock = clock
        executor = QueueExecutor(label: "sealing \(clip)")
        sealer = try ClipSealer(
            ClipFields(clip: clip, camera: camera, part: number, after: previous), to: settings.recipients,
            signer: settings.signer)
        part = ArchivedPart(
            number: number, start: plaintext.start, bind: sealer.prefix.bind,
            prefixLength: Int64(sealer.prefix.bodyOffset), outcome: nil)
        marks.remove()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What was sealed when the part was finished; `nil` before.
    var completion: PartMark? { lastMark.flatMap { $0.isComplete ? $0 : nil } }

    /// The node holds so many bytes durably.
    func acknowledge(_ durable: Int64) {
        outgoing.removeAll { $0.offset + Int64($0.bytes.count) <= durable }
        acknowledged.advance(to: durable)
    }

    /// Begins a connection at what the node holds.
    ///
    /// - Returns: whether it can: the node may hold something else than it acknowledged.
    func resume(at durable: Int64) -> Bool {
        let isKnown =
            outgoing.contains { $0.offset == durable } || durable == sealer.sealedLength
            || (durable == 0 && isOpeningDue)
        guard isKnown, durable >= acknowledged.value else { return false }
        acknowledge(durable)
        return true
    }

    /// The newest checkpoint that was sent, if it speaks of no more than `sent` bytes.
    func spoken(upTo sent: Int64) -> [UInt8]? { spoken.flatMap { $0.behind <= sent ? $0.bytes : nil } }

    /// The next message after `sent` bytes; waits until there is one.
    ///
    /// - Parameter piece: bytes of plaintext that are sealed at once, at most.
    func next(after sent: Int64, atMost piece: Int) async throws -> Message {
        while true {
            if let ready = outgoing.first(where: { $0.offset == sent }) {
                return .bytes(ready.bytes, at: ready.offset)
            }
            if let checkpoint, checkpoint.behind <= sent {
                self.checkpoint = nil
                spoken = checkpoint
                return .checkpoint(checkpoint.bytes, at: sent)
            }
            if sealer.isFinished, sent == sealer.sealedLength { return .end(size: sent) }
            if sealer.sealedLength - acknowledged.value > Self.window {
                try await acknowledged.wait(beyond: acknowledged.value)
                continue
            }
            let seen = store.growth.value
            if try !sealMore(min(piece, Self.piece)) { try await store.growth.wait(beyond: seen) }
        }
    }

    /// Seals what the file has more; `false` when there is nothing now.
    private func sealMore(_ piece: Int) throws -> Bool {
        let extent = try store.extent(of: clip, camera: camera)
        let available = plaintext.length(ofFile: extent.length) - sealer.plaintextLength
        guard available > 0 || !extent.isOpen else { return false }
        var sealed: [UInt8] = []
        if available > 0 {
            let bytes = try plaintext.read(
                at: sealer.plaintextLength, count: Int(min(available, Int64(piece))))
            guard !bytes.isEmpty else {
                throw GuardianError(.dataLoss, "The clip's file is shorter than it was.")
            }
            sealed = try sealer.append(bytes)
        } else {
            sealed = try sealer.finish()
        }
        guard !sealed.isEmpty else { return true }
        try release(sealed)
        return true
    }

    private func release(_ sealed: [UInt8]) throws {
        let record = sealer.record
        let bytes = isOpeningDue ? sealer.opening + sealed : sealed
        isOpeningDue = false
        let mark = PartMark(
            sealedLength: record.sealedLength, plaintextLength: record.plaintextLength,
            lastingLength: record.lastingLength, lastingHash: record.lastingHash, isComplete: record.isComplete)
        try marks.append(mark)
        lastMark = mark
        outgoing.append((record.sealedLength - Int64(bytes.count), bytes))
        let isDue = checkpointedAt.map { $0.duration(to: .now) >= Self.checkpointInterval } ?? true
        let isBorder = sealer.isFinished || sealer.layout.isBorder(sealer.plaintextLength)
        guard isDue || sealer.isFinished, isBorder else { return }
        checkpoint = (try sealer.checkpoint(at: clock.now()).bytes, record.sealedLength)
        checkpointedAt = .now
    }
}
