import GuardianCore
import GuardianIdentity
import GuardianJournal
import GuardianWire
import Logging

/// Answers devices that ask for a certificate.
package struct EnrolmentResponder: Sendable {
    /// What a device sends, not checked yet.
    package struct Request: Sendable {
        /// Empty: without a code.
        package var codePrefix: String
        package var codeSecret: Secret<[UInt8]>
        /// DER.
        package var certificateRequest: [UInt8]
        package var deviceKey: [UInt8]
        package var signature: [UInt8]
        package var name: String

        package init(
            codePrefix: String = "", codeSecret: Secret<[UInt8]> = Secret([]), certificateRequest: [UInt8],
            deviceKey: [UInt8], signature: [UInt8], name: String = ""
        ) {
            self.codePrefix = codePrefix
            self.codeSecret = codeSecret
            self.certificateRequest = certificateRequest
            self.deviceKey = deviceKey
            self.signature = signature
            self.name = name
        }
    }

    package enum Answer: Hashable, Sendable {
        /// The certificate, as PEM.
        case enrolled(certificate: String)
        /// An operator has to accept the device; it asks again after a while.
        case pending(retryAfter: Duration)
    }

    /// Days for which an edge's certificate is valid.
    package static let days = 397
    private static let retryAfter: Duration = .seconds(5)

    private let registry: any EnrolmentRegistry
    private let authority: CertificateAuthority
    /// As devices know the authority.
    private let pin: AuthorityPin
    private let throttle: Throttle
    private let clock: any WallClock
    private let logger: Logger

    package init(
        registry: any EnrolmentRegistry, authority: CertificateAuthority, limits: Throttle.Limits = Throttle.Limits(),
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) throws {
        self.registry = registry
        self.authority = authority
        pin = AuthorityPin(try authority.fingerprint())
        throttle = Throttle(limits: limits, clock: monotonic)
        self.clock = clock
        self.logger = logger
    }

    /// Answers one request. It may be sent again: whoever lost the answer gets another certificate.
    ///
    /// - Throws: `unauthenticated` for a wrong code, whether or not its prefix exists; `resourceExhausted` after too many of them;
    ///   `alreadyExists` when another device used the code; `failedPrecondition` when it has ended; `permissionDenied` for a device
    ///   that is locked or retired; `invalidArgument` for what no edge sends.
    package func enrol(_ request: Request, from address: ClientAddress) async throws -> Answer {
        let prefix = EnrolmentCode.canonical(prefix: request.codePrefix)
        let hasCode = !request.codePrefix.isEmpty
        // Without a code, only the place is counted: the name would be the same for all.
        let name =
            hasCode ? "code \(prefix ?? "")" : "device \(Hash256.sha256(of: Array(request.deviceKey.prefix(32))))"
        let attempt = try throttle.admit(name: name, from: RequestOrigin(address: address.text), isKnown: false)
        let (device, certificateRequest) = try verify(request)
        let applicant = Applicant(
            device: device, name: PlainText.cut(request.name, bytes: EnrolmentLimits.name), address: address.text,
            at: clock.now())
        do {
            guard hasCode else { return try await answer(applicant, certificateRequest, attempt) }
            let claim = CodeClaim(
                prefix: prefix ?? "", secretDigest: EnrolmentCode.digest(ofSecret: request.codeSecret.reveal()),
                applicant: applicant)
            return try await answer(try await registry.redeem(claim), claim, certificateRequest, attempt)
        } catch {
            // Wrong codes stay counted, and what makes the node write each time.
            let isCounted = [.unauthenticated, .alreadyExists].contains((error as? GuardianError)?.code)
            if !isCounted { throttle.abandon(attempt) }
            throw error
        }
    }

    /// Checks that whoever asks has both private keys.
    private func verify(_ request: Request) throws -> (device: Hash256, CertificateRequest) {
        let certificateRequest = try CertificateRequest(received: request.certificateRequest)
        guard let key = DevicePublicKey(bytes: request.deviceKey),
            key.verifies(
                request.signature,
                ofSeparated: EnrolmentProof.statement(authority: pin, request: request.certificateRequest))
        else {
            throw GuardianError(.invalidArgument, "The device key has not signed this request to this node.")
        }
        return (key.fingerprint, certificateRequest)
    }

    private func answer(
        _ verdict: CodeVerdict, _ claim: CodeClaim, _ request: CertificateRequest, _ attempt: Throttle.Attempt
    ) async throws -> Answer {
        let (device, address) = (claim.applicant.device, claim.applicant.address)
        let details: Logger.Metadata = ["device": "\(device)", "address": "\(address)", "code": "\(claim.prefix)"]
        switch verdict {
        case .accepted(let tenant):
            let answer = try await issue(to: device, of: tenant, for: request)
            throttle.succeed(attempt)
            return answer
        case .wrong:
            logger.warning("wrong enrolment code", metadata: details)
            throw GuardianError(
                .unauthenticated, "The code is wrong; copy it again, or ask the node's operator for another.")
        case .ended:
            throw GuardianError(.failedPrecondition, "The code has ended; ask the node's operator for another.")
        case .used:
            logger.warning("enrolment code came too late", metadata: details)
            throw GuardianError(
                .alreadyExists,
                "Another device has used this code: tell the node's operator if it was not yours, and ask for another.")
        case .refused(let state): throw Self.refusal(state)
        }
    }

    private func answer(
        _ applicant: Applicant, _ request: CertificateRequest, _ attempt: Throttle.Attempt
    ) async throws -> Answer {
        let (device, isNew) = try await registry.ask(applicant)
        switch (device.state, device.tenant) {
        case (.accepted, let tenant?):
            // Stays counted: one certificate a year is needed.
            return try await issue(to: device.fingerprint, of: tenant, for: request)
        case (.pending, _):
            // A place's new devices stay counted, so that nobody fills the list.
            if isNew {
                logger.notice(
                    "device waits to be accepted",
                    metadata: ["device": "\(device.fingerprint)", "address": "\(applicant.address)"])
            } else {
                throttle.abandon(attempt)
            }
            return .pending(retryAfter: Self.retryAfter)
        default: throw Self.refusal(device.state)
        }
    }

    private func issue(
        to device: Hash256, of tenant: TenantName, for request: CertificateRequest
    ) async throws -> Answer {
        let identity = DeviceIdentity(enrolledTenant: tenant, fingerprint: device)
        let (pem, end) = try authority.issueEdge(identity, for: request, days: Self.days)
        try await registry.noteCertificate(of: device, until: end)
        logger.notice("device enrolled", metadata: ["device": "\(device)", "tenant": "\(tenant)"])
        return .enrolled(certificate: pem)
    }

    private static func refusal(_ state: DeviceState) -> GuardianError {
        switch state {
        case .locked: GuardianError(.permissionDenied, "This edge is locked at its node; ask the node's operator.")
        case .retired:
            GuardianError(
                .permissionDenied,
                "This edge was retired at its node: move its device.key away, so that it begins as a new one.")
        case .pending, .accepted:
            GuardianError(
                .permissionDenied, "This edge belongs to another tenant of this node; its operator can say which.")
        }
    }
}
