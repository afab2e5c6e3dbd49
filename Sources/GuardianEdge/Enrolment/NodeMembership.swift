import GuardianCore
import GuardianHTTP
import GuardianWire
import Logging

/// The node that the edge belongs to, as an owner sees it and changes it at run time.
///
/// A change counts once the program has started again, which it does by itself: delivery, archive and telemetry are built for one node,
/// and nothing that is open must go on with another's credentials.
package actor NodeMembership {
    /// Records in the audit log what is about to change.
    package typealias Audit = @Sendable (_ change: String, _ node: String) async throws -> Void

    private let state: String
    private let files: CredentialFiles
    private let enrolment: EdgeEnrolment
    private let logger: Logger
    private let startAgain: @Sendable () -> Void
    private var origin: EdgeConfiguration.NodeOrigin
    private var address: String?
    private var isAsking = false
    private var isStartingAgain = false

    /// - Parameter startAgain: has the program started again soon.
    package init(
        _ configuration: EdgeConfiguration, enrolment: @Sendable (CredentialFiles) -> EdgeEnrolment, logger: Logger,
        startAgain: @escaping @Sendable () -> Void
    ) {
        state = configuration.state
        origin = configuration.nodeOrigin
        address = configuration.node?.address
        files = configuration.node?.credentials ?? EnrolledNode.credentials(inState: configuration.state)
        self.enrolment = enrolment(files)
        self.logger = logger
        self.startAgain = startAgain
    }

    package var view: NodeMembershipView {
        let hasNode = address != nil
        return NodeMembershipView(
            address: address, origin: origin.rawValue,
            tenant: hasNode ? EdgeCertificate.identity(inFile: files.certificate)?.tenant.description : nil,
            device: enrolment.fingerprint.hex,
            certificateEnd: hasNode ? CertificateValidity(path: files.certificate)?.end.moment : nil,
            startingAgain: isStartingAgain)
    }

    /// Enrols at a node with a code that its operator made.
    ///
    /// - Throws: `failedPrecondition` when the configuration file names the node; the node's refusal, and that it does not answer, with
    ///   the field `code` or `node`; `aborted` while an enrolment goes on.
    package func enrol(at node: String, code: Secret<String>, audit: Audit) async throws {
        let code = try Self.naming("code") { try EnrolmentCode(code) }
        let target = try Self.naming("node") { try EnrolmentTarget(node, pin: code.authority) }
        try requireFreedom()
        isAsking = true
        defer { isAsking = false }
        // With another node's certificate and this one's address, neither could be reached.
        let before = EnrolledFiles(files)
        let answer = try await ask(target, code)
        let enrolled = EnrolledNode(host: answer.host, port: answer.port)
        do {
            try await change("enrolled", to: enrolled.address, audit: audit) { try enrolled.write(inState: self.state) }
        } catch {
            before.restore()
            throw error
        }
    }

    /// Sends to no node from now on. What the node has stays there.
    ///
    /// - Throws: `failedPrecondition` when there is none, or the configuration file names it; `aborted` while an enrolment goes on.
    package func leave(audit: Audit) async throws {
        try requireFreedom()
        guard origin == .enrolment else { throw GuardianError(.failedPrecondition, "The recorder has no node.") }
        isAsking = true
        defer { isAsking = false }
        try await change("left", to: nil, audit: audit) { try EnrolledNode.remove(inState: self.state) }
    }

    /// - Throws: what keeps the node from being changed now.
    private func requireFreedom() throws {
        guard origin != .file else {
            throw GuardianError(
                .failedPrecondition,
                "The configuration file names the node (node): change it there, and start the recorder again.")
        }
        guard !isStartingAgain else {
            throw GuardianError(.aborted, "The recorder is starting again with another node: wait a moment.")
        }
        guard !isAsking else {
            throw GuardianError(.aborted, "The node is being changed by somebody else: wait a moment.")
        }
    }

    private func ask(_ target: EnrolmentTarget, _ code: EnrolmentCode) async throws -> EdgeEnrolment.NodeAnswer {
        let outcome: EdgeEnrolment.Outcome
        do { outcome = try await enrolment.ask(target, code: code) } catch let error as GuardianError {
            logger.warning("enrolment failed", metadata: ["node": "\(target.address)", "reason": "\(error)"])
            throw Self.refusal(error)
        }
        switch outcome {
        case .enrolled(_, let node): return node
        case .pending:
            throw GuardianError(
                .failedPrecondition,
                "The node's operator has to accept this recorder by its fingerprint first: \(enrolment.fingerprint).")
        }
    }

    private func change(
        _ what: String, to new: String?, audit: Audit, _ apply: @Sendable () throws -> Void
    ) async throws {
        try await audit(what, new ?? address ?? "")
        try apply()
        logger.notice("node changed, starting again", metadata: ["node": "\(new ?? "none")"])
        (address, origin) = (new, new == nil ? .none : .enrolment)
        isStartingAgain = true
        startAgain()
    }

    /// A node that does not answer is no fault of this recorder, whose own answer is complete.
    private static func refusal(_ error: GuardianError) -> GuardianError {
        let isUnreached = error.code == .unavailable || error.code == .deadlineExceeded
        return GuardianError(
            isUnreached ? .failedPrecondition : error.code, error.message, cause: error,
            context: ["field": isUnreached ? "node" : "code"])
    }

    private static func naming<Value>(_ field: String, _ make: () throws -> Value) throws -> Value {
        do { return try make() } catch let error as GuardianError {
            throw GuardianError(error.code, error.message, cause: error, context: ["field": field])
        }
    }
}
