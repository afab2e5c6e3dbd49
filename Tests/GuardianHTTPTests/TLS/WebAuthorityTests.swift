import Crypto
import Foundation
import GuardianCore
import GuardianTestKit
import SwiftASN1
import Testing
@_spi(FixedExpiryValidationTime) import X509

import GuardianHTTP

@Suite("The web authority and its certificates")
struct WebAuthorityTests {
    private static let day: Int64 = 86_400_000
    private let machine = Machine(
        name: "recorder", addresses: ["192.168.1.20", "203.0.113.7", "fd00::20", "fe80::20", "2001:db8::20"])
    private let key = P256.Signing.PrivateKey()

    private func names(_ more: String...) -> CertifiedNames {
        CertifiedNames(of: machine, configured: more.compactMap { HostName($0) })
    }

    private func authority(at now: Timestamp = Sample.start) throws -> WebAuthority {
        try WebAuthority(key: key, machine: machine, names: names("cam.example"), now: now)
    }

    /// Whether a client that trusts the authority accepts the certificate for a name at a time.
    private func isAccepted(
        _ certificate: Certificate, by authority: WebAuthority, for name: String, at time: Timestamp = Sample.start
    ) async -> Bool {
        var verifier = Verifier(rootCertificates: CertificateStore([authority.certificate])) {
            RFC5280Policy(fixedExpiryValidationTime: time.date)
            ServerIdentityPolicy(
                serverHostname: IPAddress(name) == nil ? name : nil, serverIP: IPAddress(name) == nil ? nil : name)
        }
        let result = await verifier.validate(leaf: certificate, intermediates: CertificateStore())
        if case .validCertificate = result { return true }
        return false
    }

    @Test("the authority may certify this machine's names and private addresses, and nothing else")
    func constraints() throws {
        let extensions = try authority().certificate.extensions
        guard case .isCertificateAuthority(maxPathLength: 0) = try #require(try extensions.basicConstraints) else {
            Issue.record("no authority, or one that may have others below it")
            return
        }
        #expect(try extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(try extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
        let constraints = try #require(try extensions.nameConstraints)
        #expect(extensions[oid: .X509ExtensionID.nameConstraints]?.critical == true)
        #expect(extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        #expect(extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        #expect(
            Array(constraints.permittedDNSDomains)
                == ["cam.example", "guardian.local", "localhost", "recorder", "recorder.local"])
        let networks = constraints.permittedIPRanges.map { Array($0.bytes) }
        #expect(networks.count == IPNetwork.own.count)
        #expect(networks.contains([172, 16, 0, 0, 255, 240, 0, 0]))
        #expect(networks.contains([0xFC] + Array(repeating: 0, count: 15) + [0xFE] + Array(repeating: 0, count: 15)))
        #expect(constraints.excludedSubtrees.isEmpty)
    }

    @Test("clients accept its certificates for its names and private addresses")
    func accepted() async throws {
        let authority = try authority()
        let allowed = names("cam.example").permitted(by: authority.constraints)
        let issued = try authority.issue(for: allowed, now: Sample.start).certificate
        for name in [
            "localhost", "recorder", "recorder.local", "guardian.local", "cam.example", "127.0.0.1", "::1",
            "192.168.1.20", "fd00::20",
        ] {
            #expect(await isAccepted(issued, by: authority, for: name), "\(name)")
        }
        for name in ["evil.example", "203.0.113.7", "2001:db8::20", "fe80::20", "192.168.1.21"] {
            #expect(await !isAccepted(issued, by: authority, for: name), "\(name)")
        }
        let extensions = issued.extensions
        #expect(try extensions.extendedKeyUsage == ExtendedKeyUsage([.serverAuth]))
        #expect(issued.notValidAfter.timeIntervalSince(issued.notValidBefore) == 91 * 86_400)
    }

    @Test("clients refuse a certificate of this authority for a name that it may not certify")
    func stolenKey() async throws {
        let authority = try authority()
        var foreign = names()
        foreign.names = [try #require(HostName("bank.example"))]
        let issued = try authority.issue(for: foreign, now: Sample.start).certificate
        #expect(await !isAccepted(issued, by: authority, for: "bank.example"))
        foreign.names = []
        foreign.addresses = [try #require(IPAddress("203.0.113.7"))]
        let other = try authority.issue(for: foreign, now: Sample.start).certificate
        #expect(await !isAccepted(other, by: authority, for: "203.0.113.7"))
    }

    @Test("names of certificates keep their form")
    func roundTrip() throws {
        let issued = try authority().issue(for: names(), now: Sample.start)
        #expect(try CertifiedNames(in: issued.certificate) == names())
        let text = Array(try issued.pem().reveal().utf8)
        #expect(IssuedCertificate(pem: text)?.certificate == issued.certificate)
        #expect(!"\(try issued.pem())".contains("PRIVATE"))
        for cut in [0, 20, text.count / 2, text.count - 40] {
            #expect(IssuedCertificate(pem: Array(text[..<cut])) == nil)
        }
        let other = try authority().issue(for: names(), now: Sample.start)
        let ends = [text, Array(try other.pem().reveal().utf8)].map { String(decoding: $0, as: UTF8.self) }
        let begin = try #require(ends[0].range(of: "-----BEGIN PRIVATE KEY-----"))
        let key = try #require(ends[1].range(of: "-----BEGIN PRIVATE KEY-----"))
        let mixed = String(ends[0][..<begin.lowerBound] + ends[1][key.lowerBound...])
        #expect(IssuedCertificate(pem: Array(mixed.utf8)) == nil)
    }

    @Test("a certificate is renewed with a third of its time left, and when a name or address is new")
    func renewal() throws {
        let authority = try authority()
        let wanted = names().permitted(by: authority.constraints)
        let issued = try authority.issue(for: wanted, now: Sample.start)
        func isDue(_ days: Int64, _ names: CertifiedNames? = nil) -> Bool {
            issued.hasToBeRenewed(by: authority, for: names ?? wanted, now: Sample.start + days * Self.day)
        }
        #expect(!isDue(0))
        #expect(!isDue(59))
        #expect(isDue(60))
        #expect(isDue(1000))
        #expect(isDue(-2), "the clock was set back")
        var more = wanted
        more.addresses.insert(try #require(IPAddress("192.168.1.21")))
        #expect(isDue(0, more))
        var fewer = wanted
        fewer.addresses.remove(try #require(IPAddress("192.168.1.20")))
        #expect(!isDue(0, fewer))
        let other = try WebAuthority(
            key: P256.Signing.PrivateKey(), machine: machine, names: names(), now: Sample.start)
        #expect(issued.hasToBeRenewed(by: other, for: wanted, now: Sample.start))
    }

    @Test("in the authority's last weeks certificates end with it, and are not made again and again")
    func lastWeeks() throws {
        let authority = try authority()
        let now = authority.end + -20 * Self.day
        let issued = try authority.issue(for: names(), now: now)
        #expect(Timestamp(issued.certificate.notValidAfter) == authority.end)
        #expect(!issued.hasToBeRenewed(by: authority, for: names(), now: now + Self.day))
    }

    @Test("a clock that is wrong makes no certificate that is never valid", arguments: [0, 3_500_000_000_000])
    func wrongClock(milliseconds: Int64) async throws {
        let wrong = Timestamp(milliseconds: milliseconds)
        let authority = try authority(at: wrong)
        // The clock has been set right.
        #expect(authority.certificate.notValidBefore <= Sample.start.date)
        #expect(authority.end > Sample.start + 3000 * Self.day)
        let names = names().permitted(by: authority.constraints)
        let early = try authority.issue(for: names, now: wrong)
        #expect(early.hasToBeRenewed(by: authority, for: names, now: Sample.start))
        let issued = try authority.issue(for: names, now: Sample.start)
        #expect(await isAccepted(issued.certificate, by: authority, for: "localhost"))
        #expect(await isAccepted(issued.named, by: authority, for: "localhost"))
        #expect(!issued.hasToBeRenewed(by: authority, for: names, now: Sample.start))
        #expect(!early.hasToBeRenewed(by: authority, for: names, now: wrong), "not again while the clock is wrong")
    }

    @Test(
        "two installations on hosts of one name differ in theirs, and one keeps it when its certificate is made again")
    func authorityName() throws {
        let subject = try authority().certificate.subject
        #expect(try authority(at: Sample.start + Self.day).certificate.subject == subject)
        let other = try WebAuthority(
            key: P256.Signing.PrivateKey(), machine: machine, names: names(), now: Sample.start)
        #expect(other.certificate.subject != subject)
        #expect("\(subject)".contains("Guardian recorder "))
    }
}
