import GuardianCore
import GuardianHTTP

/// Problems of what the recorder stands on: its disks, its databases, its components.
extension Problems {
    /// - Parameters:
    ///   - picturesAway: why the disk of the pictures is away.
    ///   - setAside: paths of damaged databases.
    static func ofPlaces(clips: ClipStore, picturesAway: String?, setAside: [String]) -> [FindingView] {
        var problems: [FindingView] = []
        if let reason = clips.awayReason {
            let consequence =
                clips.isFull
                ? "Recording has paused: the emergency folder is full."
                : "Clips are recorded into the emergency folder of the state's disk."
            problems.append(
                FindingView(
                    what: "\(reason) \(consequence)", where: clips.folder, severity: .error,
                    remedy:
                        "Connect or mount the disk again; clips then move there by themselves. If the disk was replaced "
                        + "for good, run `guardian doctor --config FILE --accept-disk`."))
        }
        if let picturesAway {
            problems.append(
                FindingView(
                    what: "\(picturesAway) New events have no picture.", where: "snapshots", severity: .error,
                    remedy: "Connect or mount the disk again. If it was replaced for good, run "
                        + "`guardian doctor --config FILE --accept-disk`."))
        }
        problems += setAside.map { path in
            FindingView(
                what: "A database was damaged and was set aside; a new one began.", where: path, severity: .warning,
                remedy:
                    "Check the disk. The node has what was delivered. Move the file away once you have a copy of it.")
        }
        return problems
    }

    static func of(_ refusals: [RefusedSection]) -> [FindingView] {
        refusals.map { refused in
            FindingView(
                what: "The section \(refused.name) of the configuration is wrong. \(refused.name.consequence) "
                    + refused.error.message,
                where: "configuration", severity: .error,
                remedy: "Correct the file, and restart the recorder; it records meanwhile.")
        }
    }

    static func of(_ components: [ComponentView]) -> [FindingView] {
        components.filter { $0.state == .failing }.map { component in
            FindingView(
                what: "The \(component.name) does not run. \(component.reason ?? "")", where: component.name,
                severity: component.name == EdgeTelemetry.component ? .warning : .error,
                remedy: "It is tried again by itself; recording goes on meanwhile.")
        }
    }
}
