import ArgumentParser
import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianNode
import GuardianWire

/// The node on this machine whose tenants and devices a command changes.
struct LocalNodeOptions: ParsableArguments {
    @Option(help: "The node's configuration.")
    var config = "/etc/guardian/node.yaml"

    func open() throws -> LocalNode { try LocalNode(configuration: config) }
}

/// The registry of a node on this machine, opened by whoever may write its state folder. The node may run meanwhile: it notices within
/// a second what changes.
struct LocalNode {
    let registry: any EnrolmentRegistry
    let enrolment: EnrolmentConfiguration
    private let state: String

    /// - Throws: `failedPrecondition` when the node has no enrolment; `notFound` when it was never started.
    init(configuration path: String) throws {
        let configuration = try NodeConfiguration(ConfigurationFile(path: path).root)
        guard let enrolment = configuration.enrolment else {
            throw GuardianError(
                .failedPrecondition,
                "\(path) has no `enrolment`: write `enrolment: {address: 0.0.0.0}` there, and start the node again.")
        }
        state = configuration.state
        self.enrolment = enrolment
        try StateOwner.become(of: state)
        registry = try SQLiteRegistry(path: SQLiteRegistry.file(in: state))
    }

    func authority() throws -> CertificateAuthority { try NodeAuthorityFile(state: state).open() }

    /// Makes a code and prints it, once.
    func printCode(for tenant: TenantName, hours: Int) async throws {
        let now = SystemClock().now()
        let code = EnrolmentCode(authority: try authority().fingerprint())
        let end = now + Duration.seconds(hours * 3600)
        try await registry.addCode(
            NewCode(
                prefix: code.prefix, secretDigest: EnrolmentCode.digest(ofSecret: code.secret.reveal()), tenant: tenant,
                createdAt: now, endsAt: end))
        Console.line(code.text.reveal())
        Console.note(
            "For one edge of \(tenant), until \(end.rfc3339). It is shown only once. On the edge: guardian edge enrol --node "
                + "https://HOST:\(enrolment.address.port) --code-file FILE")
    }
}

extension TenantName: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// How long a new code is good.
struct CodeOptions: ParsableArguments {
    @Option(help: "Hours for which the code is good, 1 to 720.")
    var hours = 24

    func validate() throws {
        guard (1...720).contains(hours) else { throw ValidationError("--hours is a number from 1 to 720.") }
    }
}
