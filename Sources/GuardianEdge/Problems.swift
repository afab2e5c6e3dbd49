import GuardianCore
import GuardianHTTP

/// What is not well at an edge, each with its remedy, in words for its owner.
enum Problems {
    static func of(
        cameras: [CameraView], storage: StorageView, node: NodeLinkView, inference: InferenceView,
        canReadArchive: Bool
    ) -> [FindingView] {
        var problems: [FindingView] = []
        for camera in cameras where camera.state == .lost {
            problems.append(
                FindingView(
                    what: "\(camera.name) sends nothing. \(camera.lastFailure ?? "")", where: "camera \(camera.id)",
                    severity: .error,
                    remedy: "Check that the camera has power and network; it is tried again all the time."))
        }
        if !storage.recording {
            problems.append(
                FindingView(
                    what: "The disk is full, and recording has paused.", where: storage.path, severity: .error,
                    remedy: "Make room on the disk; recording goes on by itself."))
        }
        if inference.state == .down {
            problems.append(
                FindingView(
                    what: "Nobody looks at the cameras: the AI service is away.", where: "inference", severity: .error,
                    remedy: "It is restarted by itself. If this lasts, the log says why; live view still works."))
        }
        if node.configured, !node.connected {
            problems.append(
                FindingView(
                    what: "The node does not answer; \(node.waiting) entries wait here. \(node.reason ?? "")",
                    where: "node", severity: .warning,
                    remedy: "Check the network and the node; everything is sent once it is back."))
        }
        if !canReadArchive {
            problems.append(
                FindingView(
                    what: "The table of what is to be archived cannot be read.", where: "archive", severity: .error,
                    remedy: "Check the recorder's disk; its log says what is wrong."))
        }
        return problems
    }

    /// One sentence on top.
    static func summary(_ problems: [FindingView], cameras: Int) -> String {
        switch problems.count {
        case 0: "All well"
        case 1: problems[0].what
        default: "\(problems[0].what) And \(problems.count - 1) more."
        }
    }
}
