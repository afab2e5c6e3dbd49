import Crypto
import Foundation
import GuardianCore

/// Seals one file while it is written, in constant memory. Each segment is output once, as soon as it is full. It is a
/// class, because a copy would seal other bytes under the same nonces. One caller at a time.
///
/// When the process ends without `finish()`, the clip is interrupted: its whole segments can be opened.
public final class ClipSealer {
    public let prefix: SealedPrefix
    private let signer: DeviceSigner
    /// `nil` once the file is finished; from then on only the recipients can open it.
    private var cipher: SealingCipher?
    private var segment: Int64 = 0
    /// Plaintext of the segment that is not full yet.
    private var pending: [UInt8] = []
    private var plaintextHash = SHA256()
    private var lastingHash = SHA256()

    /// Bytes of plaintext appended so far.
    public private(set) var plaintextLength: Int64 = 0
    /// Bytes of the file output so far, including `opening`.
    public private(set) var sealedLength: Int64
    /// The file's first bytes: everything before the first segment. The caller writes them first.
    public let opening: [UInt8]

    public var header: SealedHeader { prefix.header }
    public var layout: SegmentLayout { prefix.header.layout }
    public var isFinished: Bool { cipher == nil }

    /// - Throws: `invalidArgument` when there are no recipients, more than 64, or one whose key cannot be used;
    ///   `resourceExhausted` when there is not enough memory.
    public convenience init(_ fields: ClipFields, to recipients: [Recipient], signer: DeviceSigner) throws {
        try self.init(fields, to: recipients, signer: signer) { ClipKey() }
    }

    /// Uses the given clip key, for tests that search memory for it. The caller wipes `clipKeyBytes`.
    package convenience init(
        _ fields: ClipFields, to recipients: [Recipient], signer: DeviceSigner, clipKeyBytes: [UInt8]
    ) throws {
        try self.init(fields, to: recipients, signer: signer) {
            guard let clipKey = ClipKey(bytes: clipKeyBytes) else {
                throw GuardianError(.invalidArgument, "A clip key has \(ClipKey.size) bytes.")
            }
            return clipKey
        }
    }

    private init(
        _ fields: ClipFields, to recipients: [Recipient], signer: DeviceSigner, clipKey: () throws -> ClipKey
    ) throws {
        var random = SystemRandomNumberGenerator()
        let salt = (0..<SealedFormat.saltSize).map { _ in UInt8.random(in: 0...255, using: &random) }
        let noncePrefix = (0..<SealedFormat.noncePrefixSize).map { _ in UInt8.random(in: 0...255, using: &random) }
        // The clip key exists only in this closure; afterwards only the key inside the cipher remains.
        let (prefix, cipher) = try WipingThread.run {
            let clipKey = try clipKey()
            let header = SealedHeader(
                layout: fields.layout, contentType: fields.contentType, subject: fields.subject, camera: fields.camera,
                deviceKey: signer.publicKey, clipKeyHash: clipKey.hash, part: fields.part, previous: fields.previous)
            let prefix = try SealedPrefix(header, clipKey: clipKey, to: recipients, signer: signer)
            return (
                prefix, try SealingCipher(clipKey, salt: salt, noncePrefix: noncePrefix, bind: prefix.bind)
            )
        }
        self.prefix = prefix
        self.cipher = cipher
        self.signer = signer
        let bodyHeader = [UInt8(SealedFormat.bodyHeaderSize)] + salt + noncePrefix
        opening = prefix.bytes + bodyHeader
        sealedLength = Int64(opening.count)
        lastingHash.update(data: prefix.bytes[..<prefix.recipientsRange.lowerBound])
        lastingHash.update(data: bodyHeader)
    }

    deinit { pending.wipe() }

    /// Appends plaintext and returns the segments that are now full. Less than one segment is kept back, so a plaintext
    /// that ends at a segment boundary is returned completely.
    ///
    /// - Throws: `failedPrecondition` after `finish`, `resourceExhausted` beyond 2^32 segments.
    public func append(_ plaintext: some ContiguousBytes) throws -> [UInt8] {
        try plaintext.withUnsafeBytes { try append($0) }
    }

    private func append(_ plaintext: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard !isFinished else { throw Self.finished }
        guard let base = plaintext.baseAddress, !plaintext.isEmpty else { return [] }
        plaintextHash.update(bufferPointer: plaintext)
        plaintextLength += Int64(plaintext.count)
        let layout = layout
        var sealed: [UInt8] = []
        sealed.reserveCapacity((plaintext.count / layout.nextCapacity + 2) * layout.segmentSize)
        var offset = 0
        while offset < plaintext.count {
            let capacity = layout.capacity(ofSegment: segment)
            let count = min(capacity - pending.count, plaintext.count - offset)
            let piece = UnsafeRawBufferPointer(start: base + offset, count: count)
            offset += count
            if count == capacity {
                try seal(piece, isLast: false, into: &sealed)
                continue
            }
            pending.append(contentsOf: piece)
            if pending.count == capacity {
                try pending.withUnsafeBytes { try seal($0, isLast: false, into: &sealed) }
                pending.removeAll(keepingCapacity: true)
            }
        }
        countOutput(sealed)
        return sealed
    }

    /// Returns the last segment, which may be empty, and wipes the key.
    ///
    /// - Throws: `failedPrecondition` when it is finished already.
    public func finish() throws -> [UInt8] {
        guard !isFinished else { throw Self.finished }
        var sealed: [UInt8] = []
        try pending.withUnsafeBytes { try seal($0, isLast: true, into: &sealed) }
        pending.wipe()
        cipher = nil
        countOutput(sealed)
        return sealed
    }

    /// Signs a checkpoint of the plaintext so far.
    ///
    /// - Throws: `failedPrecondition` when the plaintext so far does not end at a segment boundary.
    public func checkpoint(at time: Timestamp) throws -> Checkpoint {
        guard isFinished || pending.isEmpty else {
            throw GuardianError(
                .failedPrecondition,
                "A checkpoint must be at a segment boundary; \(layout.padding(after: plaintextLength)) bytes are missing."
            )
        }
        return try Checkpoint(
            bind: prefix.bind, plaintextLength: plaintextLength, at: time,
            plaintextHash: Hash256(digest: plaintextHash.finalize()),
            signer: signer)
    }

    /// The record of what was sealed so far; after `finish` it is the one for the journal.
    public var record: SealedRecord {
        SealedRecord(
            subject: header.subject, part: header.part, bind: prefix.bind, isComplete: isFinished,
            plaintextLength: isFinished ? plaintextLength : plaintextLength - Int64(pending.count),
            sealedLength: sealedLength, lastingLength: sealedLength - Int64(prefix.recipientsRange.count),
            lastingHash: Hash256(digest: lastingHash.finalize()))
    }

    private func seal(_ plaintext: UnsafeRawBufferPointer, isLast: Bool, into sealed: inout [UInt8]) throws {
        guard let cipher else { throw Self.finished }
        guard let number = UInt32(exactly: segment) else {
            throw GuardianError(.resourceExhausted, "A sealed clip has at most 2^32 segments; begin a new part.")
        }
        // Incremented before use, so that no nonce is used twice even when sealing fails.
        segment += 1
        do { try cipher.seal(plaintext, segment: number, isLast: isLast, into: &sealed) } catch {
            throw GuardianError(.internal, "A segment could not be sealed.", cause: error)
        }
    }

    private func countOutput(_ sealed: [UInt8]) {
        lastingHash.update(data: sealed)
        sealedLength += Int64(sealed.count)
    }

    private static var finished: GuardianError {
        GuardianError(.failedPrecondition, "The sealed clip is finished; begin a new part.")
    }
}
