import GuardianCore

/// Converts between lengths and offsets of plaintext and ciphertext in a body of segments. Lengths are bytes; offsets
/// in a body count from its own first byte (0x28), not from the file's.
public struct SegmentLayout: Hashable, Sendable {
    /// Bytes of ciphertext in a segment, tag included. The first segment has 40 fewer, because the body's first 40
    /// bytes precede it.
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

    /// Bytes of plaintext in the first segment: 4,040 when segments have 4,096.
    public var firstCapacity: Int { segmentSize - SealedFormat.bodyHeaderSize - SealedFormat.tagSize }
    /// Bytes of plaintext in every other segment: 4,080 when segments have 4,096.
    public var nextCapacity: Int { segmentSize - SealedFormat.tagSize }

    func capacity(ofSegment index: Int64) -> Int { index == 0 ? firstCapacity : nextCapacity }

    /// Returns whether a plaintext of this length ends at a segment boundary.
    public func isSegmentBoundary(_ plaintextLength: Int64) -> Bool { padding(after: plaintextLength) == 0 }

    /// Returns how many bytes fill the last segment of a plaintext of this length; 0 at a segment boundary.
    ///
    /// - Parameter atLeast: the minimum size of the padding (8 for an mp4 `free` box). When the segment has less room,
    ///   the next one is filled too.
    public func padding(after plaintextLength: Int64, atLeast: Int = 0) -> Int {
        let place = Int(segmentPlace(plaintextLength).place)
        guard place > 0 else { return 0 }
        var room = capacity(ofSegment: segmentPlace(plaintextLength).segment) - place
        while room < atLeast { room += nextCapacity }
        return room
    }

    /// Returns the segment that holds the byte at this offset of the plaintext, and the byte's offset in that segment's
    /// plaintext.
    func segmentPlace(_ offset: Int64) -> (segment: Int64, place: Int64) {
        guard offset >= firstCapacity else { return (0, offset) }
        let (segment, place) = (offset - Int64(firstCapacity)).quotientAndRemainder(dividingBy: Int64(nextCapacity))
        return (segment + 1, place)
    }

    /// Returns where the plaintext of a segment begins, which is also the length of plaintext in the segments before
    /// it.
    public func plaintextOffset(ofSegment index: Int64) -> Int64 {
        index == 0 ? 0 : Int64(firstCapacity) + (index - 1) * Int64(nextCapacity)
    }

    /// Returns where the ciphertext of a segment begins in the body.
    public func bodyOffset(ofSegment index: Int64) -> Int64 {
        index == 0 ? Int64(SealedFormat.bodyHeaderSize) : index * Int64(segmentSize)
    }

    /// Returns the length of the body for a plaintext that ends at a segment boundary, with no segment marked as the
    /// last; `nil` when it does not end at one.
    public func bodyLength(ofWholeSegments plaintextLength: Int64) -> Int64? {
        guard plaintextLength >= 0, isSegmentBoundary(plaintextLength) else { return nil }
        return bodyOffset(ofSegment: segmentPlace(plaintextLength).segment)
    }

    /// Returns the length of the body of a finished file with a plaintext of this length. Its last segment is never full,
    /// and may be empty.
    public func bodyLength(ofFinished plaintextLength: Int64) -> Int64 {
        let (segment, place) = segmentPlace(plaintextLength)
        return bodyOffset(ofSegment: segment) + place + Int64(SealedFormat.tagSize)
    }

    /// Returns the number of whole segments in a body of this length. A shorter last segment does not count.
    public func wholeSegments(inBody length: Int64) -> Int64 { max(0, length) / Int64(segmentSize) }

    /// Returns the length of the body truncated to whole segments, which is what a node keeps when an edge stops
    /// sending; 0 when not even the first 40 bytes are there.
    public func wholeBody(in length: Int64) -> Int64 {
        length < SealedFormat.bodyHeaderSize ? 0 : bodyOffset(ofSegment: wholeSegments(inBody: length))
    }

    /// Returns the length of plaintext in a body of this length, with a short last segment or without; `nil` when no
    /// body has that length.
    public func plaintextLength(inBody length: Int64) -> Int64? {
        guard length >= SealedFormat.bodyHeaderSize else { return nil }
        let whole = wholeSegments(inBody: length)
        let rest = length - bodyOffset(ofSegment: whole)
        guard rest > 0 else { return plaintextOffset(ofSegment: whole) }
        guard rest >= SealedFormat.tagSize else { return nil }
        return plaintextOffset(ofSegment: whole) + rest - Int64(SealedFormat.tagSize)
    }
}
