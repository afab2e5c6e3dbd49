import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

@Suite("Enrolment over TLS")
struct EnrolmentSerialTests {
    private let fixture: EnrolmentFixture

    init() throws { fixture = try EnrolmentFixture() }

    private func target(_ ports: EnrolmentFixture.Ports, _ pin: AuthorityPin, host: String = "localhost")
        -> EnrolmentTarget
    {
        EnrolmentTarget(host: host, port: ports.enrolment, pin: pin)
    }

    private func pin() throws -> AuthorityPin {
        try #require(AuthorityPin(hex: try fixture.authority.fingerprint().hex))
    }

    /// Enrols an edge with a code.
    private func enrol(_ name: String, _ ports: EnrolmentFixture.Ports, for tenant: TenantName = .home) async throws {
        let code = try await fixture.code(for: tenant)
        let outcome = try await fixture.enrolment(name).ask(target(ports, code.authority), code: code)
        guard case .enrolled(let identity, node: let node) = outcome else {
            Issue.record("not enrolled: \(outcome)")
            return
        }
        #expect(identity.uri == "guardian://\(tenant)/\(try fixture.deviceKey(name).publicKey.fingerprint)")
        #expect(node.port == ports.edges)
    }

    private func decide(_ decision: DeviceDecision, _ name: String, tenant: TenantName? = nil) async throws {
        _ = try await fixture.registry.decide(
            decision, about: try fixture.deviceKey(name).publicKey.fingerprint, tenant: tenant, at: SystemClock().now())
    }

    @Test("gives an edge files with which its journal reaches the node", arguments: ["localhost", "127.0.0.1"])
    func whole(host: String) async throws {
        let journal = try fixture.journal(of: "attic")
        try await fixture.withNode { ports, tenants in
            let code = try await fixture.code()
            _ = try await fixture.enrolment("attic").ask(target(ports, code.authority, host: host), code: code)
            let files = fixture.files("attic")
            for file in [files.key, files.certificate, files.authority] {
                #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
            }
            let event = Sample.event()
            try await journal.append([.eventUpdated(event)], at: Sample.start)
            try await fixture.withDelivery(journal, of: "attic", port: ports.edges) { _ in
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
            #expect(try await tenants.localScope().cache.catalogue.event(event.id) == event)
        }
    }

    @Test("keeps the data of two tenants apart")
    func tenants() async throws {
        let miller = try #require(TenantName("miller"))
        try await fixture.registry.addTenant(miller, at: SystemClock().now())
        let journal = try fixture.journal(of: "attic")
        try await fixture.withNode { ports, tenants in
            try await enrol("attic", ports, for: miller)
            try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
            try await fixture.withDelivery(journal, of: "attic", port: ports.edges) { _ in
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
            #expect(try await tenants.localScope().edges().isEmpty)
            let identity = DeviceIdentity(enrolledTenant: miller, fingerprint: journal.deviceKey.fingerprint)
            #expect(try await tenants.scope(of: identity).edges().count == 1)
        }
    }

    @Test(
        "ends the open stream of a device that is locked, and lets it in again once it is accepted",
        .timeLimit(.minutes(10)))
    func locking() async throws {
        let journal = try fixture.journal(of: "attic")
        try await fixture.withNode { ports, tenants in
            try await enrol("attic", ports)
            try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
            try await fixture.withDelivery(journal, of: "attic", port: ports.edges) { delivery in
                try await eventually("the edge is connected") {
                    journal.outbox.waiting == 0 && delivery.state.connected
                }
                // The node's process does not make this change: it has to notice it.
                try await decide(.lock, "attic")
                try await eventually("the edge is cut off") {
                    try await tenants.localScope().edges().first?.connected == false
                }
                try await eventually("the node refuses it") { fixture.log.count(of: "device refused") > 0 }
                try await journal.append([.eventUpdated(Sample.event(1))], at: Sample.start)
                #expect(journal.outbox.waiting == 1)
                try await decide(.accept, "attic")
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
        }
    }

    @Test("refuses a device whose certificate is of another tenant than the registry's")
    func stolenTenant() async throws {
        let miller = try #require(TenantName("miller"))
        try await fixture.registry.addTenant(miller, at: SystemClock().now())
        let journal = try fixture.journal(of: "attic")
        try await fixture.withNode { ports, tenants in
            try await enrol("attic", ports)
            // As if somebody had the authority's key.
            let files = fixture.files("attic")
            let key = try String(contentsOfFile: files.key, encoding: .utf8)
            let made = try fixture.authority.issueEdge(
                DeviceIdentity(enrolledTenant: miller, fingerprint: journal.deviceKey.fingerprint),
                for: CertificateRequest(keyPEM: Secret(key)), days: 1)
            try Data(made.pem.utf8).write(to: URL(filePath: files.certificate))
            try await fixture.withDelivery(journal, of: "attic", port: ports.edges) { _ in
                try await eventually("the node refuses it") { fixture.log.count(of: "device refused") > 0 }
            }
            #expect(
                try await tenants.scope(
                    of: DeviceIdentity(enrolledTenant: miller, fingerprint: journal.deviceKey.fingerprint)
                )
                .edges().isEmpty)
        }
    }

    @Test("lets certificates in that were made by hand, beside enrolled ones")
    func configured() async throws {
        let journal = try fixture.journal(of: "cellar")
        let files = fixture.files("cellar")
        try FileManager.default.createDirectory(
            atPath: fixture.folder.path("cellar"), withIntermediateDirectories: true)
        try fixture.configured.issueEdge(fingerprint: journal.deviceKey.fingerprint).write(
            to: files, authorityPEM: fixture.configured.certificatePEM())
        try await fixture.withNode { ports, _ in
            try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
            try await fixture.withDelivery(journal, of: "cellar", port: ports.edges) { _ in
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
        }
    }

    @Test("lets an edge without a code wait until it is accepted")
    func waiting() async throws {
        try await fixture.withNode { ports, _ in
            let enrolment = try fixture.enrolment("attic")
            let target = target(ports, try pin())
            #expect(try await enrolment.ask(target, code: nil) == .pending(retryAfter: .seconds(5)))
            #expect(!FileManager.default.fileExists(atPath: fixture.files("attic").certificate))
            try await decide(.accept, "attic", tenant: .home)
            guard case .enrolled = try await enrolment.ask(target, code: nil) else {
                Issue.record("not enrolled after the acceptance")
                return
            }
        }
    }

    @Test(
        "does not tell the code to a server with another authority, or for another name",
        arguments: ["localhost", "127.0.0.1"])
    func wrongServer(host: String) async throws {
        let code = try await fixture.code()
        let others = EnrolmentCode(authority: Hash256(digest: Array(repeating: 1, count: 32)))
        try await fixture.withNode(names: ["node.example"]) { ports, _ in
            for (pin, code) in [(code.authority, code), (others.authority, others)] {
                let error = await #expect(throws: GuardianError.self) {
                    try await fixture.enrolment("attic").ask(target(ports, pin, host: host), code: code)
                }
                #expect(error?.code == .failedPrecondition)
            }
            #expect(fixture.log.count(of: "wrong enrolment code") == 0)
        }
        #expect(try await fixture.registry.devices().isEmpty)
    }

    @Test("uses the same private key again, so that key and certificate belong together")
    func again() async throws {
        try await fixture.withNode { ports, _ in
            try await enrol("attic", ports)
            let key = FileManager.default.contents(atPath: fixture.files("attic").key)
            try await enrol("attic", ports)
            #expect(FileManager.default.contents(atPath: fixture.files("attic").key) == key)
        }
    }

    @Test(
        "understands a node's address as people write it",
        arguments: [
            ("https://node.example:9000", "node.example", 9000), ("https://node.example/", "node.example", 9444),
            ("NODE.example", "node.example", 9444), ("192.0.2.1:1", "192.0.2.1", 1),
        ])
    func addresses(text: String, host: String, port: Int) throws {
        let target = try EnrolmentTarget(text, pin: try pin())
        #expect(target.host == host)
        #expect(target.port == port)
    }

    @Test(
        "refuses other addresses",
        arguments: ["http://node", "", "https://", "node:0", "node:70000", "a b", "u@node", "n/p"])
    func noAddresses(text: String) throws {
        let pin = try pin()
        #expect(throws: GuardianError.self) { try EnrolmentTarget(text, pin: pin) }
    }
}
