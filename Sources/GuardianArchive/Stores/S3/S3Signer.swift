import Crypto
import Foundation
import GuardianCore

/// Signature Version 4 (AWS, "Authenticating Requests (AWS Signature Version 4)", for S3: paths are encoded once and
/// never normalised).
package struct S3Signer: Sendable {
    let credentials: S3Credentials
    let region: String

    /// Replaces the hash of a body that is not signed; only with TLS.
    package static let unsigned = "UNSIGNED-PAYLOAD"
    static let algorithm = "AWS4-HMAC-SHA256"

    package init(credentials: S3Credentials, region: String) {
        self.credentials = credentials
        self.region = region
    }

    /// Returns the headers that authenticate a request: `Authorization`, `x-amz-date`, `x-amz-content-sha256` and, with
    /// temporary keys, `x-amz-security-token`. All of `headers` is signed, and the host.
    ///
    /// - Parameter payload: SHA-256 of the body in hexadecimal, or one of the constants that replace it.
    package func headers(
        for method: String, _ target: S3Target, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], payload: String, at time: Timestamp
    ) -> [(name: String, value: String)] {
        var own = [(name: "x-amz-content-sha256", value: payload), (name: "x-amz-date", value: time.basicFormat)]
        if let token = credentials.sessionToken { own.append((name: "x-amz-security-token", value: token.reveal())) }
        let signed = CanonicalHeaders(headers + own + [(name: "host", value: target.host)])
        let signature = sign(
            Self.canonicalRequest(method, target, query: query, headers: signed, payload: payload), at: time)
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.keyID)/\(scope(at: time)), SignedHeaders=\(signed.names), Signature=\(signature)"
        return own + [(name: "Authorization", value: authorization)]
    }

    /// Returns the query of a URL that anyone may use until it expires. With `target` it makes a request without a
    /// body.
    ///
    /// - Parameter seconds: 1 to 604,800, a week.
    package func presignedQuery(
        for method: String, _ target: S3Target, query: [(name: String, value: String)] = [], seconds: Int,
        at time: Timestamp
    ) -> String {
        let headers = CanonicalHeaders([(name: "host", value: target.host)])
        var query = query
        query += [
            (name: "X-Amz-Algorithm", value: Self.algorithm),
            (name: "X-Amz-Credential", value: "\(credentials.keyID)/\(scope(at: time))"),
            (name: "X-Amz-Date", value: time.basicFormat),
            (name: "X-Amz-Expires", value: "\(seconds)"),
            (name: "X-Amz-SignedHeaders", value: headers.names),
        ]
        if let token = credentials.sessionToken { query.append((name: "X-Amz-Security-Token", value: token.reveal())) }
        let request = Self.canonicalRequest(method, target, query: query, headers: headers, payload: Self.unsigned)
        return "\(query.canonicalQuery)&X-Amz-Signature=\(sign(request, at: time))"
    }

    func scope(at time: Timestamp) -> String { "\(time.basicFormat.prefix(8))/\(region)/s3/aws4_request" }

    /// Returns the signature of a text in hexadecimal.
    func hmac(of text: String, at time: Timestamp) -> String {
        let seed = Data("AWS4\(credentials.secret.reveal())".utf8)
        let scope = ["\(time.basicFormat.prefix(8))", region, "s3", "aws4_request"]
        let key = scope.reduce(SymmetricKey(data: seed)) { key, component in
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(component.utf8), using: key))
        }
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).hexadecimal
    }

    private func sign(_ request: String, at time: Timestamp) -> String {
        let hash = SHA256.hash(data: Data(request.utf8)).hexadecimal
        return hmac(of: "\(Self.algorithm)\n\(time.basicFormat)\n\(scope(at: time))\n\(hash)", at: time)
    }

    private static func canonicalRequest(
        _ method: String, _ target: S3Target, query: [(name: String, value: String)], headers: CanonicalHeaders,
        payload: String
    ) -> String {
        "\(method)\n\(target.path)\n\(query.canonicalQuery)\n\(headers.lines)\n\(headers.names)\n\(payload)"
    }
}

/// Headers as they are signed: names in lower case and in order, values without needless spaces.
private struct CanonicalHeaders {
    let names: String
    /// Each header with its newline.
    let lines: String

    init(_ headers: [(name: String, value: String)]) {
        var values: [String: [String]] = [:]
        for header in headers {
            let value = header.value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
            values[header.name.lowercased(), default: []].append(value)
        }
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        names = sorted.map(\.key).joined(separator: ";")
        lines = sorted.map { "\($0.key):\($0.value.joined(separator: ","))\n" }.joined()
    }
}

extension Sequence where Element == UInt8 {
    /// Two digits a byte, in lower case.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension Timestamp {
    /// ISO 8601's basic form in UTC without fractions: `20130524T000000Z`.
    var basicFormat: String {
        String(decoding: rfc3339.utf8.prefix(19).filter { $0 != 0x2D && $0 != 0x3A } + [0x5A], as: UTF8.self)
    }
}
