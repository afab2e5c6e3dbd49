import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

@Suite("A recorder's clip that the node has from another device")
struct ForeignClipSerialTests {
    private let fixture: ArchiveFixture
    private let other: SealedSample

    init() throws {
        fixture = try ArchiveFixture()
        let key = DeviceKey()
        try fixture.node.issueEdge(for: key.publicKey.fingerprint, name: "other")
        other = try SealedSample(fixture, signer: ArchiveFixture.signer(key))
    }

    /// Stores the other device's clip at the node.
    private func store(over edge: EdgeSide) async throws {
        let device = EdgeSide(
            port: edge.port, credentials: CredentialFiles(folder: fixture.node.folder.url.path, name: "other"),
            scope: edge.scope)
        #expect(try await device.upload(other).receipt.size == UInt64(other.file.count))
    }

    @Test("leaves the queue with its reason, and delays no other clip", .timeLimit(.minutes(10)))
    func leaves() async throws {
        let recorder = try RecorderSide(fixture)
        try await fixture.run { edge in
            try await store(over: edge)
            // The journal says that the clip is this recorder's, but the other device's is stored and is never replaced.
            var clip = Sample.clip()
            clip.id = other.clip
            let entries = try await recorder.journal.append([.clipOpened(clip)], at: Sample.start)
            _ = try await edge.scope.cache.accept(entries, from: fixture.node.key.publicKey)
            let free = try await recorder.oldClip(50_000)
            try await recorder.recorded(other.clip, 50_000)
            try await recorder.archiving(recorder.settings(port: edge.port)) { _ in
                try await eventually("both clips are settled") {
                    let states = try await recorder.ledger.states(of: [other.clip, free])
                    return states[other.clip]?.state == .failed && states[free]?.state == .stored
                }
            }
            #expect(try await recorder.state(of: other.clip)?.reason?.contains("another device's") == true)
        }
    }

    @Test("is tried again while no journal says whose it is, and delays no other clip", .timeLimit(.minutes(10)))
    func undecided() async throws {
        let recorder = try RecorderSide(fixture)
        try await fixture.run { edge in
            try await store(over: edge)
            let free = try await recorder.oldClip(50_000)
            try await recorder.recorded(other.clip, 50_000)
            try await recorder.archiving(recorder.settings(port: edge.port)) { _ in
                try await eventually("both clips are settled") {
                    let states = try await recorder.ledger.states(of: [other.clip, free])
                    return states[other.clip]?.state == .refused && states[free]?.state == .stored
                }
            }
        }
    }
}
