public import GRPCCore
public import SwiftProtobuf

/// Decodes a message whose sender is not trusted, unless it has too many messages in it.
public struct BoundedDeserializer<Message: SwiftProtobuf.Message>: GRPCCore.MessageDeserializer {
    private let shape: MessageShape
    private let limit: Int

    /// - Parameter limit: the most messages in it, of all fields and levels together.
    public init(_ shape: MessageShape, limit: Int) {
        self.shape = shape
        self.limit = limit
    }

    /// - Throws: `RPCError` `.internalError` when the bytes are no such message, or it has too many messages in it.
    public func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> Message {
        let bytes = bytes.withUnsafeBytes { Array($0) }
        guard shape.holds(bytes, limit: limit), let message = try? Message(serializedBytes: bytes) else {
            throw RPCError(code: .internalError, message: "The answer cannot be decoded, or has too much in it.")
        }
        return message
    }
}
