import NIOCore

/// An object opened for reading.
public struct ObjectContent: Sendable {
    /// Bytes of the whole object.
    public var size: Int64
    /// The requested range of bytes.
    public var range: Range<Int64>
    /// The store's ETag without quotes.
    public var etag: String
    /// The bytes in order, at most 1 MiB at once where the store leaves the size to us. They can be iterated once. The
    /// iteration ends after all of `range` and never earlier: it throws `dataLoss` when the object is truncated or was
    /// changed.
    public var pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable

    public init(
        size: Int64, range: Range<Int64>, etag: String, pieces: any AsyncSequence<ByteBuffer, any Error> & Sendable
    ) {
        self.size = size
        self.range = range
        self.etag = etag
        self.pieces = pieces
    }
}
