import Crypto
import Foundation
import GuardianCore
import GuardianTestKit
import SwiftASN1
import Testing
import X509

import GuardianHTTP

// That Python reads it, and what a browser downloads, is tested in Tests/EndToEnd/ui/test_trust.py.
@Suite("The authority as a profile of Apple's systems")
struct AuthorityProfileTests {
    private let machine = Machine(name: "recorder", addresses: ["192.168.1.20"])
    private let key = P256.Signing.PrivateKey()

    private func pem(
        _ key: P256.Signing.PrivateKey, at now: Timestamp = Sample.start, on machine: Machine? = nil
    ) throws -> [UInt8] {
        let machine = machine ?? self.machine
        let names = CertifiedNames(of: machine, configured: [])
        return Array(try WebAuthority(key: key, machine: machine, names: names, now: now).certificatePEM().utf8)
    }

    /// What stands in the profile, and in its only payload.
    private func read(_ pem: [UInt8]) throws -> (profile: [String: Any], root: [String: Any]) {
        let bytes = try AuthorityProfile(certificatePEM: pem).bytes
        var format = PropertyListSerialization.PropertyListFormat.binary
        let list = try PropertyListSerialization.propertyList(from: bytes, format: &format)
        #expect(format == .xml)
        let profile = try #require(list as? [String: Any])
        let payloads = try #require(profile["PayloadContent"] as? [[String: Any]])
        #expect(payloads.count == 1)
        return (profile, try #require(payloads.first))
    }

    @Test("holds the certificate as the root that a device is to trust")
    func content() throws {
        let pem = try pem(key)
        let (profile, root) = try read(pem)
        let certificate = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self))
        #expect(root["PayloadContent"] as? Data == Data(try certificate.serializeAsPEM().derBytes))
        #expect(root["PayloadType"] as? String == "com.apple.security.root")
        #expect(profile["PayloadType"] as? String == "Configuration")
        for payload in [profile, root] {
            #expect(payload["PayloadVersion"] as? Int == 1)
            #expect((payload["PayloadDisplayName"] as? String)?.hasPrefix("Guardian recorder ") == true)
            let uuid = try #require(payload["PayloadUUID"] as? String)
            // Version 8 and its variant (RFC 9562, 4).
            #expect(uuid.wholeMatch(of: /[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}/) != nil)
        }
    }

    @Test("replaces that of the same authority, also when its certificate was made again, and no other one")
    func identity() throws {
        func identity(_ pem: [UInt8]) throws -> [String] {
            let (profile, root) = try read(pem)
            return try [profile, root].flatMap { payload in
                try ["PayloadUUID", "PayloadIdentifier"].map { try #require(payload[$0] as? String) }
            }
        }
        let first = try identity(pem(key))
        #expect(Set(first).count == 4)
        #expect(try identity(pem(key, at: Sample.start + 86_400_000)) == first)
        let other = try identity(pem(P256.Signing.PrivateKey()))
        #expect(Set(other).isDisjoint(with: first))
    }

    @Test("a machine without a usable name has one all the same")
    func unnamed() throws {
        let (profile, _) = try read(pem(key, on: Machine(name: "", addresses: [])))
        #expect((profile["PayloadDisplayName"] as? String)?.hasPrefix("Guardian recorder ") == true)
    }

    @Test("what is no certificate has no profile", arguments: ["", "-----BEGIN CERTIFICATE-----", "<plist>"])
    func damaged(text: String) {
        #expect(throws: GuardianError.self) { try AuthorityProfile(certificatePEM: Array(text.utf8)) }
    }
}
