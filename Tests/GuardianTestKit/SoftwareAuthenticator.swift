import Crypto
import Foundation
import GuardianCore

/// An authenticator that has one passkey, and the browser before it (WebAuthn Level 2, 5.8.1 and 6). What it says about itself
/// and the page can be changed, to make what a server must refuse.
public struct SoftwareAuthenticator: Sendable {
    /// What the browser says about the page.
    public struct Page: Sendable {
        public var origin: String
        /// Instead of the right one.
        public var type: String?
        public var isFramed = false
    }

    public var page: Page
    /// The relying party's identifier.
    public var host: String
    /// 1: somebody is there, 4: and was recognised.
    public var flags: UInt8 = 5
    public var counter: UInt32 = 0
    /// COSE's number of the algorithm that it names.
    public var algorithm: Int8 = -7
    public let credential: [UInt8]
    private let key = P256.Signing.PrivateKey()

    public init(host: String = "localhost", origin: String = "https://localhost") {
        self.host = host
        page = Page(origin: origin)
        credential = Array(SHA256.hash(data: key.publicKey.rawRepresentation))
    }

    /// What the browser returns when it made the passkey.
    public func made(_ challenge: [UInt8]) -> (clientData: [UInt8], attestation: [UInt8]) {
        let size = withUnsafeBytes(of: UInt16(credential.count).bigEndian) { Array($0) }
        let model = [UInt8](repeating: 0, count: 16)
        let data = head(with: 0x40) + model + size + credential + coseKey
        return (clientData(challenge, "webauthn.create"), Self.attestation(data))
    }

    /// What the browser returns when the passkey logs in.
    public func used(
        _ challenge: [UInt8]
    ) throws -> (clientData: [UInt8], authenticatorData: [UInt8], signature: [UInt8]) {
        let (client, data) = (clientData(challenge, "webauthn.get"), head(with: 0))
        let signed = data + Array(SHA256.hash(data: client))
        return (client, data, Array(try key.signature(for: signed).derRepresentation))
    }

    private func clientData(_ challenge: [UInt8], _ type: String) -> [UInt8] {
        let type = page.type ?? type
        return Array(
            #"{"type":"\#(type)","challenge":"\#(Base64URL.encode(challenge))","origin":"\#(page.origin)","crossOrigin":\#(page.isFramed)}"#
                .utf8)
    }

    private func head(with more: UInt8) -> [UInt8] {
        Array(SHA256.hash(data: Array(host.utf8))) + [flags | more]
            + withUnsafeBytes(of: counter.bigEndian) { Array($0) }
    }

    /// {1: 2, 3: algorithm, −1: 1, −2: x, −3: y} in CBOR.
    private var coseKey: [UInt8] {
        let point = Array(key.publicKey.rawRepresentation)
        let algorithm = UInt8(truncatingIfNeeded: algorithm < 0 ? 0x20 + (-1 - Int(algorithm)) : Int(algorithm))
        return [0xA5, 1, 2, 3, algorithm, 0x20, 1, 0x21, 0x58, 32] + point.prefix(32) + [0x22, 0x58, 32]
            + point.suffix(32)
    }

    /// {"fmt": "none", "attStmt": {}, "authData": data} in CBOR.
    private static func attestation(_ data: [UInt8]) -> [UInt8] {
        let size = withUnsafeBytes(of: UInt16(data.count).bigEndian) { Array($0) }
        let length = data.count < 256 ? [0x58, UInt8(data.count)] : [0x59] + size
        return [0xA3] + text("fmt") + text("none") + text("attStmt") + [0xA0] + text("authData") + length + data
    }

    /// Of fewer than 24 bytes.
    private static func text(_ text: String) -> [UInt8] { [0x60 + UInt8(text.utf8.count)] + Array(text.utf8) }
}
