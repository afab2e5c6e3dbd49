import GuardianCore

/// Where plaintext and ciphertext stand in a body that is cut into segments. Lengths are bytes; a body counts from its
/// own first byte (0x28), not from the file's.
public struct SegmentLayout: Hashable, Sendable {
    /// Bytes of ciphertext in a segment, tag included; the first has 40 fewer, because they come before it.
    public let segmentSize: Int

    /// - Throws: `invalidArgument` unless it is a power of two from 4,096 to 1,048,576.
    public init(segmentSize: Int = SealedFormat.segmentSize) throws {
        guard let layout = SegmentLayout(checking: segmentSize) else {
            throw GuardianError(
                .invalidArgument, "A segment has a power of two from 4,096 to 1,048,576 bytes, not \(segmentSize).")
        }
        self = layout
    }

    init?(checking segmentSize: Int) {
        guard (4096...1_048_576).contains(segmentSize), segmentSize & (segmentSize - 1) == 0 else { return nil }
        self.segmentSize = segmentSize
    }

    /// Plaintext in the first segment: 4,040 bytes when segments have 4,096.
    public var firstCapacity: Int { segmentSize - SealedFormat.bodyHeaderSize - SealedFormat.tagSize }
    /// Plaintext in every other: 4,080 bytes when segments have 4,096.
    public var nextCapacity: Int { segmentSize - SealedFormat.tagSize }

    func capacity(ofSegment index: Int64) -> Int { index == 0 ? firstCapacity : nextCapacity }

    /// Whether a plaintext of this length ends where a segment does.
    public func isBorder(_ plaintextLength: Int64) -> Bool { padding(after: plaintextLength) == 0 }

    /// Bytes that fill the last segment of a plaintext of this length; 0 on a border. `atLeast`: what the filler
    /// itself needs (an mp4 `free` box has 8): where the segment has less room, the next one is filled too.
    public func padding(after plaintextLength: Int64, atLeast: Int = 0) -> Int {
        let place = Int(segmentPlace(plaintextLength).place)
        guard place > 0 else { return 0 }
        var room = capacity(ofSegment: segmentPlace(plaintextLength).segment) - place
        while room < atLeast { room += nextCapacity }
        return room
    }

    /// In which segment the byte at this offset of the plaintext is, and where in that segment's plaintext.
    func segmentPlace(_ offset: Int64) -> (segment: Int64, place: Int64) {
        guard offset >= firstCapacity else { return (0, offset) }
        let (segment, place) = (offset - Int64(firstCapacity)).quotientAndRemainder(dividingBy: Int64(nextCapacity))
        return (segment + 1, place)
    }

    /// Where the plaintext of a segment begins; also the plaintext that so many whole segments hold.
    public func plaintextOffset(ofSegment index: Int64) -> Int64 {
        index == 0 ? 0 : Int64(firstCapacity) + (index - 1) * Int64(nextCapacity)
    }

    /// Where the ciphertext of a segment begins in the body.
    public func bodyOffset(ofSegment index: Int64) -> Int64 {
        index == 0 ? Int64(SealedFormat.bodyHeaderSize) : index * Int64(segmentSize)
    }

    /// Body bytes that hold a plaintext which ends a segment, none of them marked last. `nil` when it ends none.
    public func bodyLength(ofWholeSegments plaintextLength: Int64) -> Int64? {
        guard plaintextLength >= 0, isBorder(plaintextLength) else { return nil }
        return bodyOffset(ofSegment: segmentPlace(plaintextLength).segment)
    }

    /// Segments that are whole in so many bytes of body. (A closing one that is shorter does not count.)
    public func wholeSegments(inBody length: Int64) -> Int64 { max(0, length) / Int64(segmentSize) }

    /// The body cut to its whole segments: what a node keeps of a clip whose edge fell silent. 0 when not even the
    /// first 40 bytes are there.
    public func wholeBody(in length: Int64) -> Int64 {
        length < SealedFormat.bodyHeaderSize ? 0 : bodyOffset(ofSegment: wholeSegments(inBody: length))
    }

    /// Plaintext in a body of this length, its last segment short or not; `nil` when no body has that length.
    public func plaintextLength(inBody length: Int64) -> Int64? {
        guard length >= SealedFormat.bodyHeaderSize else { return nil }
        let whole = wholeSegments(inBody: length)
        let rest = length - bodyOffset(ofSegment: whole)
        guard rest > 0 else { return plaintextOffset(ofSegment: whole) }
        guard rest >= SealedFormat.tagSize else { return nil }
        return plaintextOffset(ofSegment: whole) + rest - Int64(SealedFormat.tagSize)
    }
}
