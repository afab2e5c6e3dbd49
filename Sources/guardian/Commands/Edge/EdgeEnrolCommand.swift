import ArgumentParser
import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianWire
import Logging

struct EdgeEnrolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrol",
        abstract: "Gets this edge a certificate from a node.",
        discussion: """
            Example: guardian edge enrol --node https://node.example:9444 --code-file code.txt
            Example: guardian edge enrol --node https://node.example:9444 --authority-fingerprint 3f4c…
            """)

    @Option(help: "The edge's configuration.")
    var config = "/etc/guardian/edge.yaml"

    @Option(help: "Where the node answers enrolment: https://HOST:PORT.")
    var node: String

    @Option(
        help:
            "The one-time code. Other programs on this machine can read it while the command runs: prefer --code-file.")
    var code: String?

    @Option(help: "A file with the one-time code.")
    var codeFile: String?

    @Option(
        help: """
            Without a code: the node's authority, as `guardian node authority` prints it. The edge then waits until the node's \
            operator accepts it.
            """)
    var authorityFingerprint: String?

    @Option(help: "What the node's operator sees in the list; without it the host's name.")
    var name: String?

    @Option(help: "Without a code: seconds to wait for the operator, 0 to 86400.")
    var wait = 600

    func validate() throws {
        guard [code, codeFile, authorityFingerprint].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("Give one of --code-file, --code and --authority-fingerprint.")
        }
        guard (0...86_400).contains(wait) else { throw ValidationError("--wait is a number from 0 to 86400.") }
    }

    func run() async throws {
        let (code, pin) = try proof()
        let target = try EnrolmentTarget(node, pin: pin)
        let edge = try EdgeConfiguration(ConfigurationFile(path: config).root)
        try StateOwner.become(of: edge.state)
        let files = edge.node?.credentials ?? EnrolledNode.credentials(inState: edge.state)
        let logger = Logger(label: "guardian.enrol") { _ in SwiftLogNoOpLogHandler() }
        let enrolment = EdgeEnrolment(
            deviceKey: try DeviceKey.open(path: "\(edge.state)/device.key"), files: files,
            name: name ?? ProcessInfo.processInfo.hostName, logger: logger)
        let end = ContinuousClock.now + .seconds(wait)
        var isTold = false
        while true {
            switch try await Self.ask(enrolment, target, code, again: isTold && ContinuousClock.now < end) {
            case .enrolled(let identity, node: let answer):
                try report(identity, answer, files, edge)
                return
            case .pending(let pause):
                if !isTold {
                    Console.note(
                        "The node's operator has to accept this edge: guardian node device accept \(enrolment.fingerprint) "
                            + "--tenant NAME")
                }
                isTold = true
                guard ContinuousClock.now + pause < end else {
                    throw GuardianError(
                        .deadlineExceeded, "Not accepted yet; run this again once the operator has done it.")
                }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// The code, and what the edge knows of the node.
    private func proof() throws -> (EnrolmentCode?, AuthorityPin) {
        if let authorityFingerprint {
            guard let pin = AuthorityPin(hex: authorityFingerprint) else {
                throw GuardianError(.invalidArgument, "A fingerprint has 64 hexadecimal digits; copy it whole.")
            }
            return (nil, pin)
        }
        let text = try code.map { Secret($0) } ?? codeFile.map(SecretFile.text(of:)) ?? Secret("")
        let code = try EnrolmentCode(text)
        return (code, code.authority)
    }

    /// Asks once.
    ///
    /// - Parameter again: whether it has asked before, so that a node that does not answer now may do so later.
    private static func ask(
        _ enrolment: EdgeEnrolment, _ target: EnrolmentTarget, _ code: EnrolmentCode?, again: Bool
    ) async throws -> EdgeEnrolment.Outcome {
        do { return try await enrolment.ask(target, code: code) } catch let error as GuardianError
            where again && error.isRetryable
        {
            return .pending(retryAfter: .seconds(10))
        }
    }

    private func report(
        _ identity: DeviceIdentity, _ answer: EdgeEnrolment.NodeAnswer, _ files: CredentialFiles,
        _ edge: EdgeConfiguration
    ) throws {
        Console.note("This edge is \(identity.uri).")
        Console.note("Its certificate is in \(files.certificate), its private key in \(files.key).")
        if edge.nodeOrigin == .file, let configured = edge.node {
            guard configured.host != answer.host || configured.port != answer.port else {
                return Console.note("The configuration names this node already; start the edge again if it is running.")
            }
            return Console.note(
                "The configuration has the node \(configured.host):\(configured.port); this one is \(answer.host):\(answer.port)."
            )
        }
        let node = EnrolledNode(host: answer.host, port: answer.port)
        try node.write(inState: edge.state)
        Console.note("It sends to \(node.address) from its next start on; start the edge again if it is running.")
    }
}
