import Crypto
import Foundation
import GuardianCore

/// A sealed clip with its decrypted clip key. It can be streamed from the beginning, or read at any offset.
public struct OpenedClip: Sendable {
    public let prefix: SealedPrefix
    /// The kind of the owner's key that opened it.
    public let openedBy: RecipientKEM
    let source: SealedSource
    /// For `reseal` only.
    let clipKey: ClipKey
    private let cipher: SegmentCipher

    init(prefix: SealedPrefix, openedBy: RecipientKEM, source: SealedSource, clipKey: ClipKey, bodyHeader: [UInt8]) {
        self.prefix = prefix
        self.openedBy = openedBy
        self.source = source
        self.clipKey = clipKey
        cipher = clipKey.segments(
            salt: Array(bodyHeader[1..<1 + SealedFormat.saltSize]),
            noncePrefix: Array(bodyHeader[(1 + SealedFormat.saltSize)...]), bind: prefix.bind)
    }

    public var header: SealedHeader { prefix.header }
    private var layout: SegmentLayout { prefix.header.layout }
    /// Bytes of the body.
    var bodyLength: Int64 { source.size - Int64(prefix.bodyOffset) }

    /// Bytes of plaintext, computed from the length of the file without checking segments; `nil` when no clip can have
    /// this length.
    public var plaintextLength: Int64? { layout.plaintextLength(inBody: bodyLength) }

    /// Decrypts the segments in order into `sink`, about 256 KiB at a time. The sink receives only verified bytes. With
    /// `salvaging`, a segment that is cut off at the end of the file is skipped instead of refused.
    ///
    /// - Throws: the sink's and the source's errors, cancellation.
    public nonisolated(nonsending) func stream(salvaging: Bool = false, into sink: ([UInt8]) async throws -> Void)
        async throws -> OpeningResult
    {
        var hash = SHA256()
        var length: Int64 = 0
        var next: Int64 = 0
        func result(_ outcome: OpeningOutcome, torn: Int64 = 0) -> OpeningResult {
            OpeningResult(
                outcome: outcome, plaintextLength: length, plaintextHash: Hash256(digest: hash.finalize()),
                tornBytes: torn)
        }
        while layout.bodyOffset(ofSegment: next) < bodyLength {
            try Task.checkCancellation()
            let block = try await block(from: next, segments: max(1, Self.blockSize / layout.segmentSize))
            length += Int64(block.plaintext.count)
            hash.update(data: block.plaintext)
            if !block.plaintext.isEmpty { try await sink(block.plaintext) }
            next = block.next
            switch block.end {
            case .none: continue
            case .last: return result(.complete)
            case .damaged:
                let torn = bodyLength - layout.bodyOffset(ofSegment: next)
                let isCut = torn < Int64(layout.capacity(ofSegment: next) + SealedFormat.tagSize)
                return salvaging && isCut ? result(.interrupted, torn: torn) : result(.refused(.segment(next)))
            }
        }
        return result(.interrupted)
    }

    /// Returns the plaintext of a range; fewer bytes when the clip ends within it. Decrypts only the segments that the
    /// range touches.
    ///
    /// - Throws: `dataLoss` when one of them is damaged, `outOfRange` when the range begins beyond the end.
    public func read(_ range: Range<Int64>) async throws -> [UInt8] {
        guard range.lowerBound >= 0, let total = plaintextLength, range.lowerBound <= total else {
            throw GuardianError(.outOfRange, "The clip has no byte \(range.lowerBound).")
        }
        let range = range.clamped(to: 0..<total)
        guard !range.isEmpty else { return [] }
        let first = layout.segmentPlace(range.lowerBound).segment
        let last = layout.segmentPlace(range.upperBound - 1).segment
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        var next = first
        while next <= last {
            let start = layout.plaintextOffset(ofSegment: next)
            let most = Int64(max(1, Self.blockSize / layout.segmentSize))
            let block = try await block(from: next, segments: Int(min(most, last - next + 1)))
            if block.end == .damaged { throw OpeningRefusal.segment(block.next).error }
            let wanted = range.clamped(to: start..<start + Int64(block.plaintext.count))
            bytes += block.plaintext[Int(wanted.lowerBound - start)..<Int(wanted.upperBound - start)]
            next = block.next
        }
        return bytes
    }

    private static let blockSize = 256 * 1024

    private enum BlockEnd { case none, last, damaged }

    /// Decrypts consecutive segments. `next` is the first segment after them; with `damaged` it is the one that did not
    /// open.
    private func block(
        from first: Int64, segments: Int
    ) async throws -> (plaintext: [UInt8], next: Int64, end: BlockEnd) {
        let start = layout.bodyOffset(ofSegment: first)
        let end = min(layout.bodyOffset(ofSegment: first + Int64(segments)), bodyLength)
        let sealed = try await source.read(Int64(prefix.bodyOffset) + start, Int(end - start))
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(sealed.count)
        var segment = first
        var offset = 0
        while offset < sealed.count {
            let size = layout.capacity(ofSegment: segment) + SealedFormat.tagSize
            let piece = sealed[offset..<min(offset + size, sealed.count)]
            let isAtEnd = start + Int64(piece.endIndex) == bodyLength
            guard let number = UInt32(exactly: segment) else { return (plaintext, segment, .damaged) }
            // The segment at the end of the file may be marked as the last. A full one that is not marked means that
            // the clip was interrupted.
            if isAtEnd, let opened = cipher.open(piece, segment: number, isLast: true) {
                plaintext += opened
                return (plaintext, segment + 1, .last)
            }
            guard piece.count == size, let opened = cipher.open(piece, segment: number, isLast: false) else {
                return (plaintext, segment, .damaged)
            }
            plaintext += opened
            offset += piece.count
            segment += 1
        }
        return (plaintext, segment, .none)
    }
}
