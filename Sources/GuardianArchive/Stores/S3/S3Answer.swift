import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// An answer that has come whole.
struct S3Answer: Sendable {
    var headers: HTTPHeaders
    var body: [UInt8]

    /// The body's root element. Its own name differs between servers.
    ///
    /// - Parameter child: what it must have.
    /// - Throws: `S3Failure` when it is another document, or half of one; servers also put errors into answers of 200.
    func document(with child: String) throws(S3Failure) -> XMLElement {
        guard let root = try? XMLReader.read(body) else {
            throw S3Failure(status: 200, code: S3Failure.badAnswer)
        }
        guard root.name != "Error" else {
            throw S3Failure(status: 200, body: body, request: headers.first(name: "x-amz-request-id"))
        }
        guard root[child] != nil else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
        return root
    }

    /// The tag without its quotes.
    var etag: String? { headers.etag }
}

extension HTTPHeaders {
    var etag: String? { first(name: "ETag").map(S3Answer.unquoted) }
}

extension S3Answer {
    static func unquoted(_ tag: String) -> String {
        tag.count >= 2 && tag.hasPrefix("\"") && tag.hasSuffix("\"") ? String(tag.dropFirst().dropLast()) : tag
    }
}
