import GuardianCore
import Hummingbird

/// The bytes of a file that another server has, as far as they can be read now.
public struct RemoteContent: Sendable {
    /// Sends bytes to the pipe in order, waits while the pipe is full, and returns after the last byte.
    public typealias Producer = @Sendable (Pipe<ByteBuffer>) async throws -> Void

    /// Number of bytes that exist now.
    public var size: Int64
    /// A strong entity tag with its quotes: the file's SHA-256 once it is stored, its name and length before.
    public var etag: String
    /// Whether more bytes may be appended.
    public var isGrowing: Bool
    /// Opens a range of the bytes. The range is not empty and lies within `size`.
    ///
    /// - Throws: `not_found` when the object store no longer has the object, `unavailable` when the store is
    ///   unreachable.
    public var open: @Sendable (Range<Int64>) async throws -> Producer

    public init(
        size: Int64, etag: String, isGrowing: Bool,
        open: @escaping @Sendable (Range<Int64>) async throws -> Producer
    ) {
        self.size = size
        self.etag = etag
        self.isGrowing = isGrowing
        self.open = open
    }

    /// Passes what `produce` sends to `sink`. A slow sink slows the producer down: at most two pieces wait in memory.
    ///
    /// - Throws: errors of `produce` and of `sink`.
    public static func relay(
        _ produce: @escaping Producer, to sink: (ByteBuffer) async throws -> Void
    ) async throws {
        let pipe = Pipe<ByteBuffer>(capacity: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer {
                pipe.close()
                group.cancelAll()
            }
            group.addTask {
                defer { pipe.close() }
                try await produce(pipe)
            }
            while let piece = await pipe.receive() { try await sink(piece) }
            try await group.waitForAll()
        }
    }
}
