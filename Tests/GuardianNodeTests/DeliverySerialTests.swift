import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianWire
import GuardianTestKit
import Testing

@Suite("Delivery")
struct DeliverySerialTests {
    private let fixture: NodeFixture

    init() throws { fixture = try NodeFixture() }

    private func report(_ tenants: Tenants) async throws -> ChainReport? {
        try await tenants.localScope().edges().first?.chains.last
    }

    @Test("sends each entry to the node and clears the outbox after the node's commit")
    func delivers() async throws {
        let journal = try fixture.journal()
        try await fixture.withNode { port, tenants in
            let delivery = fixture.delivery(of: journal, port: port)
            try await fixture.withDelivery(delivery) {
                let event = Sample.event()
                let entry = try await journal.append([.eventOpened(event, Sample.judgement)], at: Sample.start)
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
                #expect(try await journal.outbox.delivery(of: [event.id])[event.id]?.state == .delivered)
                #expect(delivery.state.connected)
                #expect(delivery.state.acknowledged == 1)
                let cache = try tenants.localScope().cache
                #expect(try await cache.catalogue.event(event.id) == event)
                let chain = try #require(try await report(tenants))
                #expect(chain.verifiedThrough == 1)
                #expect(chain.highestHash == entry.first?.hash)
                #expect(try await tenants.localScope().edges().first?.connected == true)
            }
        }
    }

    @Test("reaches a node by its address too")
    func byAddress() async throws {
        let journal = try fixture.journal()
        try await fixture.withNode { port, _ in
            try await fixture.withDelivery(fixture.delivery(of: journal, port: port, host: "127.0.0.1")) {
                try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
            }
        }
    }

    @Test("loses nothing and repeats nothing when the node restarts again and again")
    func nodeEnds() async throws {
        let journal = try fixture.journal()
        let port = try UnusedPort.find()
        let delivery = fixture.delivery(of: journal, port: port)
        try await fixture.withDelivery(delivery) {
            for round in 0..<4 {
                try await fixture.withNode(port: port) { _, _ in
                    for number in 0..<50 {
                        let event = Sample.event(Int64(round * 50 + number))
                        try await journal.append([.eventOpened(event, Sample.judgement)], at: Sample.start)
                    }
                    // The node shuts down while entries are unacknowledged.
                    try await eventually("the node takes some") { journal.outbox.waiting < 50 }
                }
            }
            try await fixture.withNode(port: port) { _, tenants in
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
                let chain = try #require(try await report(tenants))
                #expect(chain.verifiedThrough == 200)
                #expect(chain.rejected == 0)
                #expect(
                    try await tenants.localScope().cache.catalogue.events(EventFilter(), limit: 1_000).items.count
                        == 200)
            }
        }
    }

    @Test("drains 10,000 entries, and a new event does not wait for them")
    func backlog() async throws {
        let journal = try fixture.journal()
        let body = JournalBody.eventUpdated(Sample.event())
        for _ in 0..<10 { try await journal.append(Array(repeating: body, count: 1_000), at: Sample.start) }
        try await fixture.withNode { port, tenants in
            let delivery = fixture.delivery(of: journal, port: port)
            let clock = ContinuousClock()
            let start = clock.now
            try await fixture.withDelivery(delivery) {
                let event = Sample.event(1)
                try await eventually("the node is there") { delivery.state.connected }
                try await journal.append([.eventOpened(event, Sample.judgement)], at: Sample.start)
                try await eventually("the newest event is acknowledged") {
                    try await journal.outbox.delivery(of: [event.id])[event.id]?.state == .delivered
                }
                let behind = journal.outbox.waiting
                #expect(behind > 1_000, "the newest went before the backlog")
                let newest = clock.now - start
                try await eventually("the outbox is empty") { journal.outbox.waiting == 0 }
                let drained = clock.now - start
                // Recorded, not asserted: the duration depends on the machine.
                Attachment.record("newest \(newest), all \(drained), \(behind) behind", named: "backlog.txt")
                try await eventually("every link is verified") {
                    try await report(tenants)?.verifiedThrough == 10_001
                }
            }
        }
    }

    @Test("refuses an edge with another authority's certificate, and says why")
    func wrongAuthority() async throws {
        let journal = try fixture.journal()
        try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        let other = try CertificateAuthority(name: "other", days: 1)
        try fixture.issueEdge(by: other, name: "stranger")
        let files = CredentialFiles(folder: fixture.folder.url.path, name: "stranger")
        try await fixture.withNode { port, tenants in
            let delivery = fixture.delivery(of: journal, port: port, files: files)
            try await fixture.withDelivery(delivery) {
                try await eventually("it says why") { delivery.state.reason != nil }
                #expect(!delivery.state.connected)
                #expect(try await report(tenants) == nil)
            }
        }
        #expect(journal.outbox.waiting == 1)
    }

    @Test("is refused when the certificate is for another device key")
    func wrongDevice() async throws {
        let journal = try fixture.journal()
        try fixture.issueEdge(for: DeviceKey().publicKey.fingerprint, name: "stranger")
        let files = CredentialFiles(folder: fixture.folder.url.path, name: "stranger")
        try await fixture.withNode { port, _ in
            let delivery = fixture.delivery(of: journal, port: port, files: files)
            try await fixture.withDelivery(delivery) {
                try await eventually("it says why") {
                    delivery.state.reason?.contains("another device key") == true
                }
            }
        }
    }

    @Test("does not trust a node whose certificate is another authority's")
    func wrongNode() async throws {
        let journal = try fixture.journal()
        try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
        let other = try CertificateAuthority(name: "other", days: 1)
        try fixture.authority.issueEdge(fingerprint: journal.deviceKey.fingerprint).write(
            to: CredentialFiles(folder: fixture.folder.url.path, name: "careful"),
            authorityPEM: try fixture.authority.certificatePEM())
        // The node still trusts the edge's authority, but presents a certificate of another one.
        try other.issueNode().write(to: fixture.nodeFiles, authorityPEM: try fixture.authority.certificatePEM())
        try await fixture.withNode { port, _ in
            let delivery = fixture.delivery(
                of: journal, port: port,
                files: CredentialFiles(folder: fixture.folder.url.path, name: "careful"))
            try await fixture.withDelivery(delivery) {
                try await eventually("it says why") { delivery.state.reason != nil }
                #expect(!delivery.state.connected)
            }
        }
        #expect(journal.outbox.waiting == 1)
    }

    @Test("begins a new chain when the node has more of the old one than the journal")
    func lostTail() async throws {
        try await fixture.withNode { port, tenants in
            let journal = try fixture.journal()
            try await journal.append([.eventUpdated(Sample.event())], at: Sample.start)
            try journal.close()
            let backup = fixture.folder.path("backup.sqlite")
            try FileManager.default.copyItem(atPath: fixture.folder.path("edge.sqlite"), toPath: backup)
            let again = try fixture.journal()
            try await fixture.withDelivery(fixture.delivery(of: again, port: port)) {
                try await again.append([.eventUpdated(Sample.event(1))], at: Sample.start)
                try await eventually("the outbox is empty") { again.outbox.waiting == 0 }
            }
            let old = again.chain
            try again.close()
            let restored = try Journal(path: backup, key: fixture.key)
            #expect(restored.chain == old)
            try await fixture.withDelivery(fixture.delivery(of: restored, port: port)) {
                try await eventually("a new chain began") { restored.chain != old }
                try await restored.append([.eventUpdated(Sample.event(2))], at: Sample.start)
                try await eventually("the outbox is empty") { restored.outbox.waiting == 0 }
            }
            let chains = try #require(try await tenants.localScope().edges().first?.chains)
            // The new chain's first entry says why it begins.
            #expect(chains.map(\.verifiedThrough) == [2, 2])
            #expect(chains.allSatisfy { $0.forks.isEmpty && $0.brokenAt == nil })
        }
    }
}
