import Crypto
import Foundation
import GuardianCore

/// Answers one challenge with a user's name and password.
package struct HTTPLogin: Sendable {
    private let challenge: HTTPChallenge
    private let user: String
    private let password: Secret<String>
    private var count = 0

    package init(_ challenge: HTTPChallenge, name: String, password: Secret<String>) {
        self.challenge = challenge
        user = name
        self.password = password
    }

    /// Returns the `Authorization` field of a request; `nil` when the challenge is one that we do not know.
    ///
    /// - Parameter generator: where the client's nonce comes from.
    package mutating func field(
        method: String, uri: String, using generator: inout some RandomNumberGenerator
    ) -> String? {
        guard case .digest(let algorithm, let isSession) = challenge.scheme else { return basic }
        let given = challenge.parameters
        count += 1
        let nonce = given["nonce"] ?? ""
        let clientNonce = Self.hexadecimal((0..<8).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        let number =
            String(repeating: "0", count: 8 - min(8, String(count, radix: 16).count)) + String(count, radix: 16)
        func hash(_ text: String) -> String { Self.hash(text, algorithm) }
        var first = hash("\(user):\(given["realm"] ?? ""):\(password.reveal())")
        if isSession { first = hash("\(first):\(nonce):\(clientNonce)") }
        let second = hash("\(method):\(uri)")
        let offers = given["qop"]?.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
        let hasQuality = offers.contains("auth")
        let response =
            hasQuality
            ? hash("\(first):\(nonce):\(number):\(clientNonce):auth:\(second)") : hash("\(first):\(nonce):\(second)")
        var field =
            "Digest username=\"\(Self.escaped(user))\", realm=\"\(given["realm"] ?? "")\", nonce=\"\(nonce)\", "
            + "uri=\"\(uri)\", response=\"\(response)\""
        if let name = given["algorithm"] { field += ", algorithm=\(name)" }
        if let opaque = given["opaque"] { field += ", opaque=\"\(opaque)\"" }
        if hasQuality { field += ", qop=auth, nc=\(number)" }
        if hasQuality || isSession { field += ", cnonce=\"\(clientNonce)\"" }
        return field
    }

    private var basic: String? {
        guard challenge.scheme == .basic else { return nil }
        return "Basic \(Data("\(user):\(password.reveal())".utf8).base64EncodedString())"
    }

    private static func hash(_ text: String, _ algorithm: HTTPChallenge.Algorithm) -> String {
        let bytes = Data(text.utf8)
        // MD5 is what most cameras know; nothing rests on it but the login itself.
        // nosemgrep: swift-weak-hash -- RFC 7616 has it for old devices, and the camera chooses
        return algorithm == .md5 ? hexadecimal(Insecure.MD5.hash(data: bytes)) : hexadecimal(SHA256.hash(data: bytes))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
