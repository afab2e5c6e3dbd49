import NIOCore

/// The bytes of a sealed file that can be read now.
package struct SealedFile: Sendable {
    /// Passes bytes to the sink in order, and returns after the last byte. It waits for the sink, and throws its errors.
    package typealias Reader = @Sendable (_ sink: @Sendable (ByteBuffer) async throws -> Void) async throws -> Void

    /// Number of bytes that exist now.
    package var size: Int64
    /// A strong entity tag with its quotes: the file's SHA-256 once it is stored, its name and length before.
    package var etag: String
    /// Whether more bytes may be appended.
    package var isGrowing: Bool
    /// Opens a range of the bytes. The range is not empty and lies within `size`.
    ///
    /// - Throws: `notFound` when the object store no longer has the object, `unavailable` when the store is unreachable.
    package var open: @Sendable (Range<Int64>) async throws -> Reader
}
