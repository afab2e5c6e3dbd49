import Crypto
import Foundation
import GuardianCore
import GuardianTestKit
import NIOSSL
import Synchronization
import Testing

import GuardianHTTP

@Suite("A web server's certificate while it runs", .timeLimit(.minutes(10)))
final class WebCertificatesTests: Sendable {
    private let place = TemporaryFolder()
    private let clock = ManualClock(Sample.start)
    private let monotonic = TestClock()
    private let book = LogBook()
    private let machine = Mutex(Machine(name: "recorder", addresses: ["192.168.1.20"]))

    private func certificates(_ configuration: WebTLSConfiguration = .standard, server: String = "edge") throws
        -> WebCertificates
    {
        try WebCertificates(
            configuration, folder: place.path("web-authority"), server: server, machine: { self.current },
            clock: clock, monotonic: monotonic, logger: book.logger)
    }

    private var current: Machine { machine.withLock { $0 } }

    /// Runs the service while `body` runs.
    private func running(_ certificates: WebCertificates, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await certificates.run() }
            try await monotonic.waitForSleepers(1)
            try await body()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }

    private func replace(_ path: String, _ text: String) throws {
        let new = path + ".tmp"
        try Data(text.utf8).write(to: URL(filePath: new))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: new)
        #expect(rename(new, path) == 0)
    }

    /// A certificate and its key as two texts.
    private func own() throws -> (certificate: String, key: String) {
        let names = CertifiedNames(of: current, configured: [])
        let authority = try WebAuthority(
            key: P256.Signing.PrivateKey(), machine: current, names: names, now: Sample.start)
        let mark = "-----END CERTIFICATE-----\n"
        let parts = try authority.issue(for: names, now: Sample.start).pem().reveal().components(separatedBy: mark)
        return (parts[0] + mark, parts[2])
    }

    @Test("it outlasts a restart, and each server of a folder has its own")
    func restart() throws {
        _ = try certificates()
        let file = place.path("web-authority/edge.pem")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        _ = try certificates()
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
        #expect(book.count(of: "web certificate issued") == 1)
        _ = try certificates(server: "node")
        #expect(try String(contentsOfFile: place.path("web-authority/node.pem"), encoding: .utf8) != text)
        #expect(book.count(of: "web authority made") == 1)
    }

    @Test("a damaged one is made again", arguments: ["", "junk"])
    func damaged(_ text: String) throws {
        _ = try certificates()
        try replace(place.path("web-authority/edge.pem"), text)
        let again = try certificates()
        #expect(again.problems.isEmpty)
        #expect(book.count(of: "web certificate issued") == 2)
    }

    @Test("it is renewed while the server runs: with a third left, and for a new address")
    func renewal() async throws {
        let certificates = try certificates()
        try await running(certificates) {
            let first = certificates.context()
            clock.set(Sample.start + 61 * 86_400_000)
            try await eventually("renewed", advancing: monotonic, by: .seconds(180)) {
                certificates.context() !== first
            }
            let second = certificates.context()
            machine.withLock { $0 = Machine(name: "recorder", addresses: ["10.0.0.7"]) }
            try await eventually("renewed", advancing: monotonic, by: .seconds(180)) {
                certificates.context() !== second
            }
            #expect(certificates.problems.isEmpty)
        }
        #expect(book.count(of: "web certificate issued") == 3)
    }

    @Test("a name that the authority was not made for is a problem, and no part of the certificate")
    func foreignName() throws {
        _ = try certificates()
        let later = try certificates(
            WebTLSConfiguration(names: ["cam.example"], certificate: nil, key: nil), server: "node")
        #expect(later.problems.map(\.what).contains { $0.contains("cam.example") })
        #expect(later.names.contain("cam.example:443"))
    }

    @Test("programs of this machine ask by the name of an own certificate, and by any of its own authority's")
    func ownName() throws {
        let names = ["cam.example", "other.example"]
        #expect(try WebTLSConfiguration(names: names, certificate: "/c.pem", key: "/k.pem").ownName == "cam.example")
        #expect(try WebTLSConfiguration(names: [], certificate: "/c.pem", key: "/k.pem").ownName == nil)
        #expect(try WebTLSConfiguration(names: names, certificate: nil, key: nil).ownName == nil)
    }

    @Test("own files are used, and read again when they change")
    func ownFiles() async throws {
        let (certificate, key) = try own()
        let configuration = try WebTLSConfiguration(
            names: [], certificate: place.path("c.pem"), key: place.path("k.pem"))
        try replace(place.path("c.pem"), certificate)
        try replace(place.path("k.pem"), key)
        let certificates = try certificates(configuration)
        #expect(certificates.isOwn && certificates.authority == nil)
        #expect(!FileManager.default.fileExists(atPath: place.path("web-authority")))
        try await running(certificates) {
            let first = certificates.context()
            let (nextCertificate, nextKey) = try own()
            try replace(place.path("c.pem"), nextCertificate)
            try await eventually("a problem", advancing: monotonic, by: .seconds(5)) { !certificates.problems.isEmpty }
            #expect(certificates.context() === first)
            #expect(certificates.problems.first?.what.contains("is not that of the certificate") == true)
            try replace(place.path("k.pem"), nextKey)
            try await eventually("replaced", advancing: monotonic, by: .seconds(5)) { certificates.context() !== first }
            try await eventually("no problem", advancing: monotonic, by: .seconds(5)) { certificates.problems.isEmpty }
            let second = certificates.context()
            try replace(place.path("c.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
            try await eventually("a problem", advancing: monotonic, by: .seconds(5)) { !certificates.problems.isEmpty }
            monotonic.advance(by: .seconds(5))
            #expect(certificates.context() === second)
            clock.set(Sample.start + 100 * 86_400_000)
            try replace(place.path("c.pem"), nextCertificate)
            try await eventually("ended", advancing: monotonic, by: .seconds(5)) {
                certificates.problems.contains { $0.what.contains("ended on") }
            }
        }
        #expect(!book.text.contains("PRIVATE"))
    }

    @Test("files that are missing, wrong or readable for others are refused with what to do")
    func wrongFiles() throws {
        let (certificate, key) = try own()
        let paths = (place.path("c.pem"), place.path("k.pem"))
        let configuration = try WebTLSConfiguration(names: [], certificate: paths.0, key: paths.1)
        func refusal() throws -> String {
            try #require(throws: GuardianError.self) { _ = try certificates(configuration) }.message
        }
        #expect(try refusal().contains("check web.tls.certificate"))
        try replace(paths.0, certificate)
        #expect(try refusal().contains("check web.tls.key"))
        try replace(paths.1, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        #expect(try refusal().contains("no private key in PEM format"))
        try replace(paths.1, try own().key)
        #expect(try refusal().contains("is not that of the certificate"))
        try replace(paths.1, key)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: paths.1)
        #expect(try refusal().contains("chmod 600"))
    }
}
