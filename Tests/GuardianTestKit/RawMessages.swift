import GRPCCore

/// Sends and receives the bytes of messages as they are, so that a call has what no client and no server makes.
public struct RawMessages: MessageSerializer, MessageDeserializer {
    public init() {}

    public func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    public func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) throws -> [UInt8] {
        bytes.withUnsafeBytes { Array($0) }
    }
}

/// How a call ended.
public enum CallEnd: Sendable { case answered, refused, hung }

extension GRPCClient {
    /// Makes a call with these messages. Returns how it ended; it hangs when it has not ended after two minutes.
    public func end(of method: MethodDescriptor, _ messages: [[UInt8]]) async -> CallEnd {
        let limit: Duration = .seconds(120)
        var options = CallOptions.defaults
        options.timeout = limit
        let began = ContinuousClock.now
        let request = StreamingClientRequest<[UInt8]> { writer in
            for message in messages { try await writer.write(message) }
        }
        do {
            return try await bidirectionalStreaming(
                request: request, descriptor: method, serializer: RawMessages(), deserializer: RawMessages(),
                options: options
            ) { response in
                for try await _ in response.messages {}
                return .answered
            }
        } catch { return ContinuousClock.now - began < limit ? .refused : .hung }
    }
}
