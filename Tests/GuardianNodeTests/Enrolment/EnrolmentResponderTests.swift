import Foundation
import GuardianCore
import GuardianIdentity
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

@Suite("The responder where devices enrol")
struct EnrolmentResponderTests {
    private let fixture: ResponderFixture
    private let device = DeviceKey()

    init() throws { fixture = try ResponderFixture() }

    private func isEnrolled(_ answer: EnrolmentResponder.Answer) -> Bool {
        if case .enrolled = answer { true } else { false }
    }

    @Test("enrols a device with a code, and notes its certificate's end")
    func code() async throws {
        let request = try fixture.request(device, code: try await fixture.code())
        #expect(isEnrolled(try await fixture.responder.enrol(request, from: fixture.home)))
        let known = try #require(try await fixture.registry.device(device.publicKey.fingerprint))
        #expect(known.state == .accepted)
        #expect(known.name == "attic  ")
        #expect(known.certificateEndsAt == Sample.start + Duration.seconds(EnrolmentResponder.days * 86_400))
    }

    @Test("gives a wrong secret, an unknown prefix and no prefix at all the same answer")
    func oneAnswer() async throws {
        let code = try await fixture.code()
        let unknown = EnrolmentCode(authority: try fixture.authority.fingerprint())
        var none = try fixture.request(device, code: unknown)
        none.codePrefix = "?"
        var refusals: [GuardianError] = []
        for request in [
            try fixture.request(device, code: code, secret: Array(repeating: 0, count: 16)),
            try fixture.request(device, code: code, secret: []), try fixture.request(device, code: unknown), none,
        ] { refusals.append(try #require(await fixture.refusal(request))) }
        #expect(Set(refusals.map(\.code)) == [.unauthenticated])
        #expect(Set(refusals.map(\.message)).count == 1)
        #expect(fixture.log.count(of: "wrong enrolment code") == 4)
        #expect(!fixture.log.text.contains(code.text.reveal()))
    }

    @Test("slows guessing down, the same for prefixes that exist and that do not", arguments: [true, false])
    func throttling(exists: Bool) async throws {
        let code = exists ? try await fixture.code() : EnrolmentCode(authority: try fixture.authority.fingerprint())
        let wrong = try fixture.request(device, code: code, secret: Array(repeating: 0, count: 16))
        // Each guess comes from another place.
        let limit = Throttle.Limits().freeForName
        for number in 0...limit {
            #expect(await fixture.refusal(wrong, from: ClientAddress("192.0.2.\(number)"))?.code == .unauthenticated)
        }
        #expect(await fixture.refusal(wrong, from: ClientAddress("192.0.2.99"))?.code == .resourceExhausted)
        // The right secret waits as well, or it could be told from the wrong ones.
        let right = try fixture.request(device, code: code)
        #expect(await fixture.refusal(right, from: ClientAddress("192.0.2.98"))?.code == .resourceExhausted)
        fixture.monotonic.advance(by: .seconds(1))
        let refusal = await fixture.refusal(right, from: ClientAddress("192.0.2.98"))
        #expect(refusal?.code == (exists ? nil : .unauthenticated))
    }

    @Test("slows down a place that tries many prefixes")
    func place() async throws {
        let authority = try fixture.authority.fingerprint()
        for _ in 0...Throttle.Limits().freeForPlace {
            let guess = try fixture.request(device, code: EnrolmentCode(authority: authority))
            #expect(await fixture.refusal(guess)?.code == .unauthenticated)
        }
        let request = try fixture.request(device, code: try await fixture.code())
        #expect(await fixture.refusal(request)?.code == .resourceExhausted)
        #expect(await fixture.refusal(request, from: ClientAddress("198.51.100.7")) == nil)
    }

    @Test("tells whoever has all of a code that it has ended, or that another device used it")
    func afterwards() async throws {
        let ended = try await fixture.code(hours: 1)
        let used = try await fixture.code()
        #expect(await fixture.refusal(try fixture.request(DeviceKey(), code: used)) == nil)
        #expect(await fixture.refusal(try fixture.request(device, code: used))?.code == .alreadyExists)
        #expect(fixture.log.count(of: "enrolment code came too late") == 1)
        fixture.clock.set(Sample.start + .seconds(3_600))
        #expect(await fixture.refusal(try fixture.request(device, code: ended))?.code == .failedPrecondition)
    }

    @Test("refuses a request that the device key did not sign, for this request and this node")
    func proof() async throws {
        let code = try await fixture.code()
        let good = try fixture.request(device, code: code)
        var requests = [
            try fixture.request(device, code: code, authority: Hash256(digest: Array(repeating: 1, count: 32)))
        ]
        for change in [
            { (request: inout EnrolmentResponder.Request) in request.deviceKey = DeviceKey().publicKey.bytes },
            { $0.deviceKey = [] }, { $0.signature = [] }, { $0.certificateRequest = [] },
        ] as [@Sendable (inout EnrolmentResponder.Request) -> Void] {
            var request = good
            change(&request)
            requests.append(request)
        }
        var other = try fixture.request(device, code: code)
        other.signature = good.signature
        requests.append(other)
        for request in requests { #expect(await fixture.refusal(request)?.code == .invalidArgument) }
        #expect(try await fixture.registry.devices().isEmpty)
        // They counted as failures of this code.
        fixture.monotonic.advance(by: .seconds(900))
        #expect(await fixture.refusal(good) == nil)
    }

    @Test("lets a device without a code wait, and enrols it once it is accepted")
    func pending() async throws {
        let request = try fixture.request(device)
        #expect(try await fixture.responder.enrol(request, from: fixture.home) == .pending(retryAfter: .seconds(5)))
        // It asks every few seconds, and is never slowed down for that.
        for _ in 0..<50 {
            #expect(try await fixture.responder.enrol(request, from: fixture.home) == .pending(retryAfter: .seconds(5)))
        }
        #expect(fixture.log.count(of: "device waits to be accepted") == 1)
        _ = try await fixture.registry.decide(
            .accept, about: device.publicKey.fingerprint, tenant: .home, at: Sample.start)
        #expect(isEnrolled(try await fixture.responder.enrol(request, from: fixture.home)))
    }

    @Test("does not let one place fill the list of those that wait")
    func flood() async throws {
        for _ in 0...Throttle.Limits().freeForPlace {
            #expect(await fixture.refusal(try fixture.request(DeviceKey())) == nil)
        }
        #expect(await fixture.refusal(try fixture.request(DeviceKey()))?.code == .resourceExhausted)
    }

    @Test("refuses locked and retired devices, with and without a code", arguments: [DeviceDecision.lock, .retire])
    func refused(decision: DeviceDecision) async throws {
        #expect(await fixture.refusal(try fixture.request(device, code: try await fixture.code())) == nil)
        _ = try await fixture.registry.decide(
            decision, about: device.publicKey.fingerprint, tenant: nil, at: Sample.start)
        #expect(await fixture.refusal(try fixture.request(device))?.code == .permissionDenied)
        let request = try fixture.request(device, code: try await fixture.code())
        #expect(await fixture.refusal(request)?.code == .permissionDenied)
    }
}
