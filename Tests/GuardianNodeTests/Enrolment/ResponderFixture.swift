import Foundation
import GuardianCore
import GuardianIdentity
import GuardianJournal
import GuardianNode
import GuardianTestKit
import GuardianWire
import Logging

/// A node's registry, authority and responder, with clocks that the test sets.
struct ResponderFixture: Sendable {
    let folder = TemporaryFolder()
    let registry: SQLiteRegistry
    let authority: CertificateAuthority
    let responder: EnrolmentResponder
    let clock = ManualClock(Sample.start)
    let monotonic = TestClock()
    let log = LogBook()
    let home = ClientAddress("192.0.2.1")

    init() throws {
        registry = try SQLiteRegistry(path: folder.path("registry.sqlite"))
        authority = try CertificateAuthority(name: "node", days: 7305, clock: clock)
        responder = try EnrolmentResponder(
            registry: registry, authority: authority, clock: clock, monotonic: monotonic, logger: log.logger)
    }

    func code(for tenant: TenantName = .home, hours: Int = 24) async throws -> EnrolmentCode {
        let code = EnrolmentCode(authority: try authority.fingerprint())
        try await registry.addCode(
            NewCode(
                prefix: code.prefix, secretDigest: EnrolmentCode.digest(ofSecret: code.secret.reveal()), tenant: tenant,
                createdAt: clock.now(), endsAt: clock.now() + Duration.seconds(hours * 3_600)))
        return code
    }

    /// What an edge with this device key sends.
    func request(
        _ device: DeviceKey, code: EnrolmentCode? = nil, secret: [UInt8]? = nil, authority other: Hash256? = nil
    ) throws -> EnrolmentResponder.Request {
        let request = try CertificateRequest(keyPEM: CertificateRequest.makeKey())
        let pin = AuthorityPin(try other ?? authority.fingerprint())
        return EnrolmentResponder.Request(
            codePrefix: code?.prefix ?? "", codeSecret: Secret(secret ?? code?.secret.reveal() ?? []),
            certificateRequest: request.bytes, deviceKey: device.publicKey.bytes,
            signature: try device.signature(
                ofSeparated: EnrolmentProof.statement(authority: pin, request: request.bytes)),
            name: "attic\u{7}\n")
    }

    /// The refusal of a request; `nil` when it is answered.
    func refusal(_ request: EnrolmentResponder.Request, from address: ClientAddress? = nil) async -> GuardianError? {
        do {
            _ = try await responder.enrol(request, from: address ?? home)
            return nil
        } catch { return GuardianError.wrap(error, "\(error)") }
    }
}
