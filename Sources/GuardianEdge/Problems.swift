import GuardianCore
import GuardianHTTP

/// The problems that the status page shows, each with its remedy.
package enum Problems {
    package static func of(
        cameras: [CameraView], storage: StorageView, node: NodeLinkView, inference: InferenceView,
        canReadArchive: Bool, ages: [CameraAlias: CameraAges] = [:], deliveryAge: Duration? = nil,
        archive: ArchiveUplinkView? = nil, archiveAge: Duration = .zero
    ) -> [FindingView] {
        var problems: [FindingView] = []
        for camera in cameras where camera.state == .lost {
            problems.append(
                FindingView(
                    what: "\(camera.name) sends nothing. \(camera.lastFailure ?? "")", where: "camera \(camera.id)",
                    severity: .error,
                    remedy: "Check that the camera has power and network; the recorder keeps trying to connect."))
        }
        for camera in cameras { if let ages = ages[camera.id] { problems += stalled(camera, ages) } }
        if !storage.recording, !storage.away {
            problems.append(
                FindingView(
                    what: "The disk is full, and recording has paused.", where: storage.path, severity: .error,
                    remedy: "Make room on the disk; recording then resumes by itself."))
        }
        if inference.state == .down {
            let reason = inference.reason.map { " \($0)" } ?? ""
            problems.append(
                FindingView(
                    what: "The cameras are not being analysed: the AI service does not work.\(reason)",
                    where: "inference", severity: .error,
                    remedy: "It is restarted automatically. If this lasts, the log says why. Live view still works."))
        }
        if inference.state == .up, inference.proof.state == .failed {
            problems.append(
                FindingView(
                    what: "The AI service runs, but does not prove that it sees. \(inference.proof.reason ?? "")",
                    where: "inference", severity: .error,
                    remedy: "Restart Guardian. If this lasts, run scripts/bootstrap again: the model or its runtime is "
                        + "damaged, or the machine's memory is."))
        }
        if inference.state == .up, inference.proof.state == .unavailable {
            problems.append(
                FindingView(
                    what: "The AI service runs, but cannot prove that it sees: its model has no picture for that.",
                    where: "inference", severity: .warning,
                    remedy: "Run scripts/bootstrap again, which makes the picture; then restart Guardian."))
        }
        // While the AI service is down, that is the one cause of all cameras.
        if inference.state != .down { problems += cameras.compactMap(unwatched) }
        if node.configured, !node.connected {
            problems.append(
                FindingView(
                    what: "The node does not answer; \(node.waiting) entries wait to be sent. \(node.reason ?? "")",
                    where: "node", severity: .warning,
                    remedy: "Check the network and the node; all entries are sent once the node answers."))
        }
        if node.configured, node.connected, node.waiting > 0, let deliveryAge, deliveryAge >= deliveryLimit {
            problems.append(
                FindingView(
                    what: "The node is connected, but has acknowledged nothing for \(seconds(deliveryAge)); "
                        + "\(node.waiting) entries wait.", where: "node", severity: .warning,
                    remedy: "Check the node's log and its disk; all entries are sent once it acknowledges them."))
        }
        if let archive, node.connected, !storage.away, archiveAge >= archiveLimit {
            problems.append(
                FindingView(
                    what: "The node is connected, but has stored nothing of the archive for \(seconds(archiveAge)); "
                        + "\(archive.leaving + archive.waiting) clips wait.", where: "archive", severity: .warning,
                    remedy: "Check the node's archive and its log; everything is sent again by itself."))
        }
        if !canReadArchive {
            problems.append(
                FindingView(
                    what: "The archive's ledger cannot be read.", where: "archive", severity: .error,
                    remedy: "Check the recorder's disk; the recorder's log has the reason."))
        }
        return problems
    }

    /// How long bytes may take to be written while a clip is open: much longer than a fragment.
    private static let writeLimit: Duration = .seconds(10)
    /// The longest time between keyframes that a camera may have: without one, no clip can begin.
    private static let keyframeLimit: Duration = .seconds(60)
    private static let deliveryLimit: Duration = .seconds(60)
    /// Several attempts: a part is given up after 15 s without an answer, and tried again after a minute at most.
    private static let archiveLimit: Duration = .seconds(300)

    private static func seconds(_ age: Duration) -> String { "\(age.components.seconds) s" }

    /// Returns the problems of a camera whose events wait for a disk, or that sends and whose bytes are not written or whose clips
    /// could not begin.
    private static func stalled(_ camera: CameraView, _ ages: CameraAges) -> [FindingView] {
        var problems: [FindingView] = []
        if ages.events >= writeLimit {
            problems.append(
                FindingView(
                    what: "Nothing that happens at \(camera.name) has been written down for \(seconds(ages.events)).",
                    where: "camera \(camera.id)", severity: .error,
                    remedy: "A disk does not answer: check those of the state folder and of the clips."))
        }
        guard camera.state == .live else { return problems }
        if camera.recording, ages.write >= writeLimit {
            problems.append(
                FindingView(
                    what: "\(camera.name) is being recorded, but nothing has been written for \(seconds(ages.write)).",
                    where: "camera \(camera.id)", severity: .error,
                    remedy: "Check the disk of the clips: it may be failing, or so busy that writing waits."))
        }
        if ages.keyframe >= keyframeLimit {
            problems.append(
                FindingView(
                    what: "\(camera.name) has sent no keyframe for \(seconds(ages.keyframe)): no clip can begin.",
                    where: "camera \(camera.id)", severity: .error,
                    remedy: "Set the camera's keyframe interval (I-frame, GOP) to 1 to 4 seconds, or restart it."))
        }
        return problems
    }

    /// Returns the problem of a camera that sends, but is not being analysed.
    private static func unwatched(_ camera: CameraView) -> FindingView? {
        guard camera.state == .live, camera.watch == .lost else { return nil }
        let since = camera.watchLostSince.map { " since \($0.time.rfc3339)" } ?? ""
        let reason = camera.watchFailure.map { " \($0)" } ?? ""
        return FindingView(
            what: "\(camera.name) is not being analysed\(since).\(reason)", where: "camera \(camera.id)",
            severity: .error,
            remedy: "Nobody is detected there until this ends; it is tried again by itself. Look at the camera's live "
                + "view: a camera that shows no picture there needs a restart.")
    }

    /// Returns the edge's state: well only if there are cameras, the AI service has proved that it sees, and every camera is known
    /// to be analysed.
    package static func state(
        _ problems: [FindingView], cameras: [CameraView], inference: InferenceView
    ) -> StatusView.State {
        guard problems.isEmpty else { return .degraded }
        let isProved = inference.state == .up && inference.proof.state == .passed
        return isProved && !cameras.isEmpty && cameras.allSatisfy(isWatched) ? .well : .starting
    }

    private static func isWatched(_ camera: CameraView) -> Bool {
        switch camera.state {
        case .stopped, .paused: true
        case .live: camera.watch == .quiet || camera.watch == .looking
        case .connecting, .lost: false
        }
    }

    /// Returns the status page's headline.
    package static func summary(
        _ problems: [FindingView], cameras: [CameraView], inference: InferenceView
    ) -> String {
        switch problems.count {
        case 0 where cameras.isEmpty: "No cameras yet: add one for Guardian to watch."
        case 0 where inference.state != .up: "Starting: the AI service is not ready yet."
        case 0 where inference.proof.state != .passed: "Starting: it is still being checked that the AI service sees."
        case 0 where !cameras.allSatisfy(isWatched):
            "Starting: \(cameras.count { !isWatched($0) }) of \(cameras.count) cameras have not been looked at yet."
        case 0: "All well"
        case 1: problems[0].what
        default: "\(problems[0].what) And \(problems.count - 1) more."
        }
    }
}
