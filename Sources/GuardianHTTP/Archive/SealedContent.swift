import GuardianCore
import Hummingbird

/// A sealed file as it can be read now.
public struct SealedContent: Sendable {
    /// Sends bytes in order, as fast as the pipe takes them, and returns when all have gone.
    public typealias Delivery = @Sendable (Pipe<ByteBuffer>) async throws -> Void

    /// Bytes that are there.
    public var size: Int64
    /// Strong, with its quotes: the file's SHA-256 once it is stored, its name and length before.
    public var etag: String
    /// Whether more may come.
    public var isGrowing: Bool
    /// Finds the bytes of a range, which is not empty and within `size`.
    ///
    /// - Throws: `not_found` when the store has lost the object, `unavailable` when it cannot be asked.
    public var open: @Sendable (Range<Int64>) async throws -> Delivery

    public init(
        size: Int64, etag: String, isGrowing: Bool,
        open: @escaping @Sendable (Range<Int64>) async throws -> Delivery
    ) {
        self.size = size
        self.etag = etag
        self.isGrowing = isGrowing
        self.open = open
    }

    /// Brings what a delivery sends to `sink`, which may take its time: two pieces wait in memory at most.
    ///
    /// - Throws: what either of them throws.
    public static func relay(
        _ delivery: @escaping Delivery, to sink: (ByteBuffer) async throws -> Void
    ) async throws {
        let pipe = Pipe<ByteBuffer>(capacity: 2)
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer {
                pipe.close()
                group.cancelAll()
            }
            group.addTask {
                defer { pipe.close() }
                try await delivery(pipe)
            }
            while let piece = await pipe.receive() { try await sink(piece) }
            try await group.waitForAll()
        }
    }
}
