import Foundation
import HTTPTypes
import Hummingbird

/// How the API writes JSON: UTF-8, members in a fixed order, slashes as they are.
public enum JSON {
    public static func encode(_ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return ByteBuffer(bytes: try encoder.encode(value))
    }

    /// The value as an answer that no cache keeps.
    public static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: try encode(value)))
    }
}
