import Foundation
import GRPCCore
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianOperations
import GuardianWire
import Logging

/// Gets this edge a certificate from a node, and stores it where the edge's configuration names it. Both private keys are made here, and
/// stay here.
package struct EdgeEnrolment: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// The files are written.
        case enrolled(DeviceIdentity, node: NodeAnswer)
        /// An operator of the node has to accept this edge, by its fingerprint.
        case pending(retryAfter: Duration)
    }

    /// Where the node is that the certificate is good for.
    package struct NodeAnswer: Hashable, Sendable {
        package let host: String
        package let port: Int
    }

    /// How long one attempt may take.
    private static let timeout: Duration = .seconds(30)
    /// How often to ask at most, whatever the node says.
    private static let waits = 1...60

    private let deviceKey: DeviceKey
    private let files: CredentialFiles
    private let name: String
    private let logger: Logger

    /// - Parameters:
    ///   - files: where the credentials are kept. A key that is there already is used, so that key and certificate always belong together.
    ///   - name: what the node's operator sees in the list, such as the host's name.
    package init(deviceKey: DeviceKey, files: CredentialFiles, name: String, logger: Logger) {
        self.deviceKey = deviceKey
        self.files = files
        self.name = name
        self.logger = logger
    }

    /// Whose name in the operator's list is the host's.
    package static func ofThisHost(key: DeviceKey, files: CredentialFiles, logger: Logger) -> EdgeEnrolment {
        EdgeEnrolment(deviceKey: key, files: files, name: ProcessInfo.processInfo.hostName, logger: logger)
    }

    /// By what the node's operator knows this edge.
    package var fingerprint: Hash256 { deviceKey.publicKey.fingerprint }

    /// Asks once. It may be repeated: a code that this edge used stays good for it.
    ///
    /// - Parameter code: `nil`: the edge waits to be accepted.
    /// - Throws: the node's refusal; `unavailable` when it does not answer, or another server does.
    package func ask(_ target: EnrolmentTarget, code: EnrolmentCode?) async throws -> Outcome {
        let request = try CertificateRequest(keyPEM: try key())
        let message = Guardian_V1_EnrolRequest.with { message in
            message.codePrefix = code?.prefix ?? ""
            message.codeSecret = Data(code?.secret.reveal() ?? [])
            message.certificateRequest = Data(request.bytes)
            message.deviceKey = Data(deviceKey.publicKey.bytes)
            message.name = name
        }
        let signature = try deviceKey.signature(
            ofSeparated: EnrolmentProof.statement(authority: target.pin, request: request.bytes))
        let reply = try await NodeClient.enrol(
            target,
            .with { signed in
                signed = message
                signed.signature = Data(signature)
            }, timeout: Self.timeout, logger: logger)
        return try take(reply, for: request, from: target)
    }

    /// Checks an answer, and writes the files if it has a certificate.
    ///
    /// - Throws: `internal` for an answer that is not one to this request.
    package func take(
        _ reply: Guardian_V1_EnrolReply, for request: CertificateRequest, from target: EnrolmentTarget
    ) throws -> Outcome {
        switch reply.outcome {
        case .enrolled(let enrolled):
            let identity = try EdgeCertificate.check(enrolled.certificate, for: request, device: fingerprint)
            try AuthorityBundle.check(enrolled.authority)
            guard let port = Int(exactly: enrolled.port), (1...65_535).contains(port) else { throw Self.nonsense }
            try write(enrolled.authority, to: files.authority)
            try write(EnrolmentRecord(target).text(), to: EnrolmentRecord.path(beside: files))
            try write(enrolled.certificate, to: files.certificate)
            return .enrolled(identity, node: NodeAnswer(host: target.host, port: port))
        case .pending(let pending):
            let seconds = min(max(Int(pending.retryAfterSeconds), Self.waits.lowerBound), Self.waits.upperBound)
            return .pending(retryAfter: .seconds(seconds))
        case nil: throw Self.nonsense
        }
    }

    private static var nonsense: GuardianError {
        GuardianError(.internal, "The node's answer cannot be understood; it may be of another version.")
    }

    /// Reads the private key, or makes it.
    private func key() throws -> Secret<String> {
        for _ in 0..<2 {
            if let pem = try PEMFile.read(files.key, what: "private key", isKey: true) {
                return Secret(String(decoding: pem, as: UTF8.self))
            }
            try makeFolder(of: files.key)
            let made = CertificateRequest.makeKey()
            do throws(SystemFailure) { try Durability.create(files.key, with: Array(made.reveal().utf8)) } catch {
                // Another process has made one meanwhile.
                guard error.number == EEXIST else { throw Self.unwritable(files.key, error) }
            }
        }
        throw GuardianError(.unavailable, "The private key \(files.key) was removed just now; try again.")
    }

    private func write(_ text: String, to path: String) throws {
        try makeFolder(of: path)
        let line = text.hasSuffix("\n") ? text : text + "\n"
        do throws(SystemFailure) { try Durability.replace(path, with: Array(line.utf8)) } catch {
            throw Self.unwritable(path, error)
        }
    }

    private func makeFolder(of path: String) throws {
        try OwnFolder.make(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }

    private static func unwritable(_ path: String, _ failure: SystemFailure) -> GuardianError {
        GuardianError(
            failure.code, "\(path) cannot be written (\(failure)): give its folder to the edge's user, or name another."
        )
    }
}
