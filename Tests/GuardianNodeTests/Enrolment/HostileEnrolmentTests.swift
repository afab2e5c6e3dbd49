import Foundation
import GuardianCore
import GuardianEdge
import GuardianIdentity
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// Whoever reaches the port may ask, and a node may have been taken over.
@Suite("Every message of an enrolment")
struct HostileEnrolmentTests {
    private let fixture: ResponderFixture

    init() throws { fixture = try ResponderFixture() }

    @Test("of an edge is refused, or enrols the device that signed it and no other")
    func requests() async throws {
        var input = HostileInput(seed: 81)
        let device = DeviceKey()
        let code = try await fixture.code()
        let made = try fixture.request(device, code: code)
        let genuine: [UInt8] = try Guardian_V1_EnrolRequest.with {
            ($0.codePrefix, $0.codeSecret) = (made.codePrefix, Data(made.codeSecret.reveal()))
            ($0.certificateRequest, $0.deviceKey) = (Data(made.certificateRequest), Data(made.deviceKey))
            ($0.signature, $0.name) = (Data(made.signature), made.name)
        }.serializedBytes()
        var (enrolled, refused) = (0, 0)
        for number in 0..<HostileInput.count(2_000) {
            guard let sent = try? Guardian_V1_EnrolRequest(serializedBytes: input.changed(genuine)) else { continue }
            // Guesses are slowed down; here each comes an hour later, from elsewhere.
            fixture.monotonic.advance(by: .seconds(3_600))
            let place = ClientAddress("198.51.\(number / 250 % 250).\(number % 250 + 1)")
            do {
                let answer = try await fixture.responder.enrol(EnrolmentResponder.Request(sent), from: place)
                guard case .enrolled = answer else { continue }
                enrolled += 1
                #expect(Array(sent.deviceKey) == device.publicKey.bytes)
            } catch is GuardianError { refused += 1 }
        }
        // The name may be changed, as nobody signs it.
        #expect(enrolled > 0 && refused > enrolled)
        let devices = try await fixture.registry.devices()
        #expect(devices.allSatisfy { $0.state != .accepted || $0.fingerprint == device.publicKey.fingerprint })
    }

    @Test("of a node is refused, or has this edge's own certificate")
    func replies() throws {
        var input = HostileInput(seed: 82)
        let (folder, device) = (TemporaryFolder(), DeviceKey())
        let files = CredentialFiles(folder: folder.path("edge"), name: "edge")
        let enrolment = EdgeEnrolment(deviceKey: device, files: files, name: "attic", logger: fixture.log.logger)
        let target = EnrolmentTarget(
            host: "localhost", port: 9_444, pin: AuthorityPin(try fixture.authority.fingerprint()))
        let request = try CertificateRequest(keyPEM: CertificateRequest.makeKey())
        let identity = DeviceIdentity(enrolledTenant: .home, fingerprint: device.publicKey.fingerprint)
        let certificate = try fixture.authority.issueEdge(identity, for: request, days: 1).pem
        let authority = try fixture.authority.certificatePEM()
        var (enrolled, pending, refused) = (0, 0, 0)
        for _ in 0..<HostileInput.count(2_000) {
            let genuine: [UInt8] = try Guardian_V1_EnrolReply.with { reply in
                guard !input.chance(4) else {
                    reply.pending.retryAfterSeconds = input.integer()
                    return
                }
                reply.enrolled.certificate = certificate
                reply.enrolled.authority = input.chance(3) ? input.text([authority, certificate]) : authority
                reply.enrolled.port = input.chance(3) ? input.integer() : 9_443
            }.serializedBytes()
            let sent = input.chance(2) ? input.changed(genuine) : genuine
            guard let reply = try? Guardian_V1_EnrolReply(serializedBytes: sent) else { continue }
            do {
                switch try enrolment.take(reply, for: request, from: target) {
                case .enrolled(let own, node: let node):
                    enrolled += 1
                    #expect(own == identity && (1...65_535).contains(node.port))
                    let text = try String(contentsOfFile: files.authority, encoding: .utf8)
                    #expect(throws: Never.self, "the edge can connect with it") { try AuthorityBundle.check(text) }
                case .pending(let wait):
                    pending += 1
                    #expect((1...60).contains(wait.components.seconds))
                }
            } catch is GuardianError { refused += 1 }
        }
        #expect(enrolled > 0 && pending > 0 && refused > 0)
    }
}
