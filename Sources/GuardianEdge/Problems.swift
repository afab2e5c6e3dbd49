import GuardianCore
import GuardianHTTP

/// The problems that the status page shows, each with its remedy.
package enum Problems {
    package static func of(
        cameras: [CameraView], storage: StorageView, node: NodeLinkView, inference: InferenceView,
        canReadArchive: Bool
    ) -> [FindingView] {
        var problems: [FindingView] = []
        for camera in cameras where camera.state == .lost {
            problems.append(
                FindingView(
                    what: "\(camera.name) sends nothing. \(camera.lastFailure ?? "")", where: "camera \(camera.id)",
                    severity: .error,
                    remedy: "Check that the camera has power and network; the recorder keeps trying to connect."))
        }
        if !storage.recording, !storage.away {
            problems.append(
                FindingView(
                    what: "The disk is full, and recording has paused.", where: storage.path, severity: .error,
                    remedy: "Make room on the disk; recording then resumes by itself."))
        }
        if inference.state == .down {
            problems.append(
                FindingView(
                    what: "The cameras are not being analysed: the AI service does not answer.", where: "inference",
                    severity: .error,
                    remedy: "It is restarted automatically. If this lasts, the log says why. Live view still works."))
        }
        if node.configured, !node.connected {
            problems.append(
                FindingView(
                    what: "The node does not answer; \(node.waiting) entries wait to be sent. \(node.reason ?? "")",
                    where: "node", severity: .warning,
                    remedy: "Check the network and the node; all entries are sent once the node answers."))
        }
        if !canReadArchive {
            problems.append(
                FindingView(
                    what: "The archive's ledger cannot be read.", where: "archive", severity: .error,
                    remedy: "Check the recorder's disk; the recorder's log has the reason."))
        }
        return problems
    }

    /// Returns the status page's headline.
    package static func summary(_ problems: [FindingView], cameras: Int) -> String {
        switch problems.count {
        case 0: "All well"
        case 1: problems[0].what
        default: "\(problems[0].what) And \(problems.count - 1) more."
        }
    }
}
