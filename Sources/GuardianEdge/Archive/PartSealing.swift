import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianOperations

/// Seals one part while its clip grows. Keeps sealed bytes in memory until the node acknowledges them, so that no byte is
/// ever sealed twice. The actor reads files, so it runs on its own queue.
actor PartSealing {
    /// The next message to the node.
    enum Message: Sendable {
        case bytes([UInt8], at: Int64)
        /// Sent after `at` bytes of the part.
        case checkpoint([UInt8], at: Int64)
        case end(size: Int64)
    }

    /// Most bytes of plaintext that are sealed at once.
    private static let maximumPiece = 1 << 20
    /// Most sealed bytes that are kept unacknowledged in memory. Above it nothing more is read from the clip's file.
    private static let window: Int64 = 8 << 20
    private static let checkpointInterval: Duration = .milliseconds(900)

    nonisolated let part: LedgerPart
    nonisolated let plaintext: PartPlaintext
    private let clip: ClipID
    private let camera: CameraID
    private let store: ClipStore
    private let marks: PartMarks
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let sealer: ClipSealer
    private let executor: QueueExecutor
    /// Sealed bytes that are not acknowledged, in order.
    private var outgoing: [(offset: Int64, bytes: [UInt8])] = []
    private let acknowledged = Watermark(0)
    /// Whether the file's opening (`ClipSealer.opening`) is still to be put before the first bytes.
    private var isOpeningDue = true
    /// The newest checkpoint that was not sent, and the length that it covers.
    private var checkpoint: (bytes: [UInt8], length: Int64)?
    /// The newest checkpoint that was sent.
    private var sentCheckpoint: (bytes: [UInt8], length: Int64)?
    private var checkpointedAt: ContinuousClock.Instant?
    private var lastMark: PartMark?

    /// - Parameters:
    ///   - number: the part's number.
    ///   - previous: `bind` of the part before; `nil` for part 0.
    init(
        clip: ClipID, camera: CameraID, number: Int, previous: Hash256?, plaintext: PartPlaintext, store: ClipStore,
        settings: ArchiveSettings, marks: PartMarks, clock: any WallClock,
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) throws {
        self.clip = clip
        self.camera = camera
        self.plaintext = plaintext
        self.store = store
        self.marks = marks
        self.clock = clock
        self.monotonic = monotonic
        executor = QueueExecutor(label: "sealing \(clip)")
        sealer = try ClipSealer(
            ClipFields(clip: clip, camera: camera, part: number, after: previous), to: settings.recipients(),
            signer: settings.signer)
        part = LedgerPart(
            number: number, start: plaintext.start, bind: sealer.prefix.bind,
            prefixLength: Int64(sealer.prefix.bodyOffset), outcome: nil)
        marks.remove()
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Why the clip's file could not be read: `notFound` and `dataLoss` for good, `UnreadableFile` otherwise.
    private(set) var readFailure: (any Error)?

    /// The part's last mark; `nil` until the whole clip is sealed.
    var completion: PartMark? { lastMark.flatMap { $0.isComplete ? $0 : nil } }

    /// The part's size once all of it is sealed; `nil` while the clip is recorded, or while its file cannot be read.
    var finalSize: Int64? {
        if sealer.isFinished { return sealer.sealedLength }
        guard let extent = try? store.extent(of: clip, camera: camera), !extent.isOpen else { return nil }
        let length = plaintext.length(ofFile: extent.length)
        return Int64(sealer.prefix.bodyOffset) + sealer.layout.bodyLength(ofFinished: length)
    }

    /// Drops sealed bytes of which the node has stored `durable` bytes durably.
    func acknowledge(_ durable: Int64) {
        outgoing.removeAll { $0.offset + Int64($0.bytes.count) <= durable }
        acknowledged.advance(to: durable)
    }

    /// Prepares sending over a new stream, from the length that the node has.
    ///
    /// - Returns: whether that is possible. It is not if the node has fewer bytes than it acknowledged, or a length at which
    ///   no message ended.
    func resume(at durable: Int64) -> Bool {
        let isKnown =
            outgoing.contains { $0.offset == durable } || durable == sealer.sealedLength
            || (durable == 0 && isOpeningDue)
        guard isKnown, durable >= acknowledged.value else { return false }
        acknowledge(durable)
        return true
    }

    /// Returns the newest checkpoint that was sent, if it covers no more than `sent` bytes.
    func sentCheckpoint(upTo sent: Int64) -> [UInt8]? {
        sentCheckpoint.flatMap { $0.length <= sent ? $0.bytes : nil }
    }

    /// Returns the next message after `sent` bytes; waits until there is one.
    ///
    /// - Parameter piece: most bytes of plaintext that are sealed at once.
    func next(after sent: Int64, atMost piece: Int) async throws -> Message {
        while true {
            if let ready = outgoing.first(where: { $0.offset == sent }) {
                return .bytes(ready.bytes, at: ready.offset)
            }
            if let checkpoint, checkpoint.length <= sent {
                self.checkpoint = nil
                sentCheckpoint = checkpoint
                return .checkpoint(checkpoint.bytes, at: sent)
            }
            if sealer.isFinished, sent == sealer.sealedLength { return .end(size: sent) }
            if sealer.sealedLength - acknowledged.value > Self.window {
                try await acknowledged.wait(beyond: acknowledged.value)
                continue
            }
            let seen = store.growth.value
            if try !sealMore(min(piece, Self.maximumPiece)) { try await store.growth.wait(beyond: seen) }
        }
    }

    /// Reads the next bytes of plaintext.
    ///
    /// - Throws: `notFound` when the file was deleted, or moved, after which it has another path; `unavailable` while its disk is away.
    private func read(_ count: Int) throws -> [UInt8] {
        do { return try plaintext.read(at: sealer.plaintextLength, count: count) } catch let error as GuardianError
            where error.code == .notFound && !store.isGone(clip, plaintext.path)
        {
            throw GuardianError(.unavailable, "The clip's disk is away, or fails.", cause: error)
        }
    }

    /// Seals the next bytes of the clip's file. Returns `false` when the open clip has no more bytes now.
    ///
    /// - Throws: what `read` throws, and notes it.
    private func sealMore(_ piece: Int) throws -> Bool {
        do { return try sealNext(piece) } catch let error as GuardianError {
            let isForGood = error.code == .notFound || error.code == .dataLoss
            readFailure = isForGood ? error : UnreadableFile(cause: error)
            throw error
        }
    }

    private func sealNext(_ piece: Int) throws -> Bool {
        let extent = try store.extent(of: clip, camera: camera)
        let available = plaintext.length(ofFile: extent.length) - sealer.plaintextLength
        guard available > 0 || !extent.isOpen else { return false }
        var sealed: [UInt8] = []
        if available > 0 {
            let bytes = try read(Int(min(available, Int64(piece))))
            guard !bytes.isEmpty else {
                throw GuardianError(.dataLoss, "The clip's file is shorter than it was.")
            }
            sealed = try sealer.append(bytes)
        } else {
            sealed = try sealer.finish()
        }
        guard !sealed.isEmpty else { return true }
        try enqueue(sealed)
        return true
    }

    /// Writes the mark and puts the bytes into `outgoing`; makes a checkpoint when one is due.
    private func enqueue(_ sealed: [UInt8]) throws {
        let record = sealer.record
        let bytes = isOpeningDue ? sealer.opening + sealed : sealed
        isOpeningDue = false
        let mark = PartMark(
            sealedLength: record.sealedLength, plaintextLength: record.plaintextLength,
            lastingLength: record.lastingLength, lastingHash: record.lastingHash, isComplete: record.isComplete)
        try marks.append(mark)
        lastMark = mark
        outgoing.append((record.sealedLength - Int64(bytes.count), bytes))
        let isDue = checkpointedAt.map { monotonic.elapsed(since: $0) >= Self.checkpointInterval } ?? true
        let isAtBoundary = sealer.isFinished || sealer.layout.isSegmentBoundary(sealer.plaintextLength)
        guard isDue || sealer.isFinished, isAtBoundary else { return }
        checkpoint = (try sealer.checkpoint(at: clock.now()).bytes, record.sealedLength)
        checkpointedAt = monotonic.now()
    }
}
