import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianVision

/// An edge or node to examine, by its configuration.
enum Examination {
    case edge(EdgeConfiguration)
    case node(NodeConfiguration)

    /// A node's configuration has the section `grpc`, an edge's does not.
    init(_ root: ConfigurationSection) throws {
        self = root.isNode ? .node(try NodeConfiguration(root)) : .edge(try EdgeConfiguration(root))
    }

    var state: String {
        switch self {
        case .edge(let configuration): configuration.state
        case .node(let configuration): configuration.state
        }
    }

    /// The file with the authority of the web server's certificate; `nil` with an own certificate.
    var authority: String? {
        switch self {
        case .edge(let configuration): configuration.webTLS.authorityFile(state: configuration.state)
        case .node(let configuration): configuration.webTLS.authorityFile(state: configuration.state)
        }
    }

    /// Returns what is wrong with the machine, without reading the journal.
    func machine() -> [Finding] {
        var findings: [Finding] = []
        if !FileManager.default.isWritableFile(atPath: state) {
            findings.append(
                Finding(
                    what: "The state folder is missing or cannot be written.", where: state, severity: .error,
                    remedy: "Create it and make the user that runs Guardian its owner."))
        }
        guard case .edge(let configuration) = self else { return findings }
        findings += EdgeVerification.places(state: configuration.state)
        // Its content is the edge's: cameras may be added there at run time.
        let settings = StateFolder.cameraSettings(in: configuration.state)
        if configuration.cameras.isEmpty, !FileManager.default.fileExists(atPath: settings) {
            findings.append(
                Finding(
                    what: "No camera is configured.", where: "cameras", severity: .warning,
                    remedy: "Add one: guardian camera add \"Front door\" rtsp://…"))
        }
        if case .child = configuration.inference.place {
            if case .none(let reason) = Sandbox.available {
                findings.append(
                    Finding(
                        what: "The AI service has no sandbox: \(reason).", where: "inference", severity: .warning,
                        remedy: "Use Linux 5.13 or later with `landlock` in its list `lsm=`."))
            }
            do {
                _ = try ModelDescription.read(folder: configuration.inference.places.model)
            } catch {
                findings.append(
                    Finding(
                        what: GuardianError.wrap(error, "The model cannot be read.").message,
                        where: configuration.inference.places.model.path, severity: .error,
                        remedy: "Run scripts/bootstrap, or set inference.model to the model's folder."))
            }
        }
        return findings
    }

    /// Makes the edge use its folders as they are now, and returns those that it had not recognised.
    func acceptDisks() throws -> [String] {
        guard case .edge(let configuration) = self else {
            throw GuardianError(.invalidArgument, "--accept-disk can only be used with an edge's configuration.")
        }
        return try EdgeVerification.acceptPlaces(state: configuration.state)
    }

    /// Makes the edge believe the machine's clock as it is now.
    func acceptClock() throws {
        guard case .edge(let configuration) = self else {
            throw GuardianError(.invalidArgument, "--accept-clock can only be used with an edge's configuration.")
        }
        try EdgeVerification.acceptClock(state: configuration.state)
    }

    /// Returns the edge's public key; a node has no single one.
    func deviceKey() throws -> DevicePublicKey {
        guard case .edge(let configuration) = self else {
            throw GuardianError(.invalidArgument, "--node can only be used with an edge's configuration.")
        }
        return try EdgeVerification.deviceKey(state: configuration.state)
    }

    func verify(beside report: EdgeReport?) throws -> JournalVerification {
        switch self {
        case .edge(let configuration): try EdgeVerification.run(state: configuration.state, beside: report)
        case .node(let configuration): try NodeVerification.run(state: configuration.state)
        }
    }
}
