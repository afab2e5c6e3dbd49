import AsyncHTTPClient
import GuardianClients
import NIOCore
import NIOHTTP1

/// A response that was received completely.
struct S3Answer: Sendable {
    var headers: HTTPHeaders
    var body: [UInt8]

    /// Parses the body and returns its root element, whose own name differs between servers.
    ///
    /// - Parameter child: the name of a child that the root must have.
    /// - Throws: `S3Failure` when it is another document or an incomplete one, or an error: servers send errors also
    ///   with status 200.
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

    /// The ETag without its quotes.
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
