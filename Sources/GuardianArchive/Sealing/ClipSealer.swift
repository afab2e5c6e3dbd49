import Crypto
import Foundation
import GuardianCore

/// Seals one file while it is written, in constant memory: what goes in comes out as whole segments as soon as they are
/// full, and never twice. A class, because a copy would seal other bytes under the same nonces; one caller at a time.
///
/// A process that ends without `finish()` leaves an interrupted clip: its whole segments open.
public final class ClipSealer {
    public let prefix: SealedPrefix
    private let signer: DeviceSigner
    /// `nil` once the file is finished; nothing opens the file but what the recipients hold from then on.
    private var cipher: SealingCipher?
    private var segment: Int64 = 0
    /// Plaintext of the segment that is not full yet.
    private var pending: [UInt8] = []
    private var plaintextHash = SHA256()
    private var lastingHash = SHA256()

    /// Bytes of plaintext taken in.
    public private(set) var plaintextLength: Int64 = 0
    /// Bytes of the file given out, `opening` included.
    public private(set) var sealedLength: Int64
    /// The file's first bytes: everything before the first segment. They go out before anything else.
    public let opening: [UInt8]

    public var header: SealedHeader { prefix.header }
    public var layout: SegmentLayout { prefix.header.layout }
    public var isFinished: Bool { cipher == nil }

    /// - Throws: `invalidArgument` when there are no recipients, more than 64, or one that nothing can be sealed to;
    ///   `resourceExhausted` when there is no memory to do it in.
    public convenience init(_ fields: ClipFields, to recipients: [Recipient], signer: DeviceSigner) throws {
        try self.init(fields, to: recipients, signer: signer) { ClipKey() }
    }

    /// With a clip key that is known outside: for tests that look for it in memory. The caller wipes `clipKeyBytes`.
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
        // The clip key lives in here only; the cipher's is all that stays until the file ends.
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

    /// Takes plaintext in and gives every segment out that is full with it; nothing but a part of a segment is held
    /// back. A plaintext that ends on a border of `layout` therefore comes out whole.
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
        var place = 0
        while place < plaintext.count {
            let capacity = layout.capacity(ofSegment: segment)
            let count = min(capacity - pending.count, plaintext.count - place)
            let piece = UnsafeRawBufferPointer(start: base + place, count: count)
            place += count
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
        release(sealed)
        return sealed
    }

    /// Closes the file: its last segment, which may be empty. The key is gone afterwards.
    ///
    /// - Throws: `failedPrecondition` when it is finished already.
    public func finish() throws -> [UInt8] {
        guard !isFinished else { throw Self.finished }
        var sealed: [UInt8] = []
        try pending.withUnsafeBytes { try seal($0, isLast: true, into: &sealed) }
        pending.wipe()
        cipher = nil
        release(sealed)
        return sealed
    }

    /// What the device vouches for up to here.
    ///
    /// - Throws: `failedPrecondition` when the plaintext so far does not end a segment.
    public func checkpoint(at time: Timestamp) throws -> Checkpoint {
        guard isFinished || pending.isEmpty else {
            throw GuardianError(
                .failedPrecondition,
                "A checkpoint stands behind a whole segment; \(layout.padding(after: plaintextLength)) bytes are missing."
            )
        }
        return try Checkpoint(
            bind: prefix.bind, plaintextLength: plaintextLength, at: time,
            plaintextHash: Hash256(digest: plaintextHash.finalize()),
            signer: signer)
    }

    /// What was sealed so far: after `finish` what the journal keeps of the file.
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
        // Counted before it is used: whatever fails below, no nonce is ever used again.
        segment += 1
        do { try cipher.seal(plaintext, segment: number, isLast: isLast, into: &sealed) } catch {
            throw GuardianError(.internal, "A segment could not be sealed.", cause: error)
        }
    }

    private func release(_ sealed: [UInt8]) {
        lastingHash.update(data: sealed)
        sealedLength += Int64(sealed.count)
    }

    private static var finished: GuardianError {
        GuardianError(.failedPrecondition, "The sealed clip is finished; what follows needs a new part.")
    }
}
