import Foundation
import HTTPTypes
import Hummingbird

/// Encodes the API's JSON: UTF-8, sorted keys, slashes not escaped.
public enum JSON {
    public static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    /// Makes a response with the value as its body; it must not be cached.
    public static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: try encode(value)))
    }
}
