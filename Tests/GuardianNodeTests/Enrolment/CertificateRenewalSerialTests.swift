import Foundation
import GuardianCore
import GuardianEdge
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

@Suite("The edge's certificate for its node")
struct CertificateRenewalSerialTests {
    private let fixture: EnrolmentFixture
    private let start = SystemClock().now()
    private let clock: ManualClock

    init() throws {
        fixture = try EnrolmentFixture()
        clock = ManualClock(start)
    }

    private func renewal() throws -> CertificateRenewal {
        CertificateRenewal(
            files: fixture.files("attic"), enrolment: try fixture.enrolment("attic"), wallClock: clock,
            logger: fixture.log.logger)
    }

    /// Enrols the edge with a code.
    private func enrol(_ ports: EnrolmentFixture.Ports) async throws {
        let code = try await fixture.code()
        let target = EnrolmentTarget(host: "localhost", port: ports.enrolment, pin: code.authority)
        _ = try await fixture.enrolment("attic").ask(target, code: code)
    }

    private func certificate() throws -> String {
        try String(contentsOfFile: fixture.files("attic").certificate, encoding: .utf8)
    }

    private func wait(days: Int64) { clock.set(start + days * 86_400_000) }

    @Test("is left alone while more than a third of its time is left, and renewed afterwards, without a code")
    func renewed() async throws {
        let renewal = try renewal()
        try await fixture.withNode { ports, _ in
            try await enrol(ports)
            let first = try certificate()
            wait(days: 263)
            await renewal.check()
            #expect(try certificate() == first)
            wait(days: 266)
            await renewal.check()
            #expect(try certificate() != first)
            #expect(renewal.state.failure == nil)
            #expect(fixture.log.count(of: "certificate for the node renewed") == 1)
        }
    }

    @Test("becomes a problem in its last month when the node does not answer, and an error at its end")
    func unanswered() async throws {
        let renewal = try renewal()
        try await fixture.withNode { ports, _ in try await enrol(ports) }
        wait(days: 337)
        await renewal.check()
        #expect(renewal.state.failure != nil && renewal.problems.isEmpty)
        wait(days: 368)
        let problem = try #require(renewal.problems.first)
        #expect(problem.severity == .warning && problem.what.contains("ends at"))
        wait(days: 398)
        #expect(renewal.problems.first?.severity == .error)
    }

    @Test("is not renewed when it was made by hand, and the owner is told in time")
    func byHand() async throws {
        let (files, renewal) = (fixture.files("attic"), try renewal())
        try FileManager.default.createDirectory(atPath: fixture.folder.path("attic"), withIntermediateDirectories: true)
        let credential = try fixture.configured.issueEdge(
            fingerprint: try fixture.deviceKey("attic").publicKey.fingerprint)
        try credential.write(to: files, authorityPEM: fixture.configured.certificatePEM())
        await renewal.check()
        #expect(renewal.problems.isEmpty)
        // Its authority's certificate is of one day.
        clock.set(start + 23 * 3_600_000)
        await renewal.check()
        let problem = try #require(renewal.problems.first)
        #expect(problem.remedy.contains("guardian edge enrol") && problem.severity == .warning)
    }

    @Test("stays as it is where the record of the enrolment is damaged, which the owner is told")
    func damaged() async throws {
        let renewal = try renewal()
        try await fixture.withNode { ports, _ in try await enrol(ports) }
        let first = try certificate()
        let path = EnrolmentRecord.path(beside: fixture.files("attic"))
        for text in ["", "{", #"{"node":"ftp://x","authority":"AAAA"}"#] {
            try Data(text.utf8).write(to: URL(filePath: path))
            wait(days: 380)
            await renewal.check()
            #expect(renewal.state.failure?.contains("guardian edge enrol") == true)
            #expect(renewal.problems.count == 1)
        }
        #expect(try certificate() == first)
    }
}
