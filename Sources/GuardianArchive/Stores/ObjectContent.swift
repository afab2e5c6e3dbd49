import NIOCore

/// An object opened for reading.
public struct ObjectContent: Sendable {
    /// Bytes of the whole object.
    public var size: Int64
    /// The bytes that come: those asked for.
    public var range: Range<Int64>
    /// The store's own tag without quotes.
    public var etag: String
    /// The bytes in order, at most 1 MiB at once where the store leaves it to us. It can be read once. It ends when all of
    /// `range` has come, and throws before it would end short: `dataLoss` when the object is not whole or was changed.
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
