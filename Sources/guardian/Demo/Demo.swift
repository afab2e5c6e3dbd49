import Foundation
import GuardianCore
import GuardianOperations
import Logging

/// One run of the demo, from the first process to the summary.
struct Demo: Sendable {
    let folder: DemoFolder
    let ports: DemoPorts
    let scenes: DemoScenes
    /// The S3 server to archive into; a local folder when `nil`.
    let archive: DemoArchive?
    let headless: Bool
    let seconds: Int?

    /// Whether a summary is printed at the end.
    var printsSummary: Bool { headless || seconds != nil }

    /// Runs the demo. Returns `nil` when it was asked twice to stop.
    func run() async throws -> DemoSummary? {
        try DemoCertificates.make(in: folder)
        try DemoCertificates.makeWeb(in: folder)
        try DemoOwner.make(in: folder)
        try await DemoAccounts.make(in: folder)
        try folder.write(try DemoConfiguration.node(folder: folder, ports: ports, archive: archive), to: "node.yaml")
        try folder.write(
            try DemoConfiguration.edge(folder: folder, ports: ports, scenes: scenes), to: "edge.yaml")
        let logger = Logger(label: "guardian.demo") { label in
            JSONLogHandler(
                process: "demo", label: label, level: .info, output: LogOutput(appendingTo: folder.log("demo")))
        }
        let processes = try DemoProcesses(folder: folder, ports: ports, scenes: scenes, logger: logger)
        let end = DemoEnd()
        guard var summary = try await end.runUntilSecondSignal({ try await run(processes, until: end) }) else {
            return nil
        }
        summary.errors = DemoLogs.errors(in: folder.file("logs"))
        return summary
    }

    /// Starts everything, prints events until the time is over or the demo is asked to stop, then stops the cameras and
    /// makes the summary.
    private func run(_ processes: DemoProcesses, until end: DemoEnd) async throws -> DemoSummary {
        let api = DemoAPI(
            try ServerAddress(
                url: "https://localhost:\(ports.web)", authority: folder.file("web-authority.pem"),
                token: try SecretFile.text(of: folder.file("owner.token"))))
        return try await processes.whileSystemRuns {
            let start = try await processes.whileCamerasRun {
                guard try await end.runUntilSignal({ try await waitUntilUp(api) }) != nil else {
                    return Timestamp?.none
                }
                let start = SystemClock().now()
                let web = "https://localhost:\(ports.web)"
                Console.note(
                    "Running. The web UI: \(web)/ · the node: https://localhost:\(ports.nodeWeb)/api/v1/events")
                Console.note("Log in once with: \(try await DemoAccounts.link(in: folder, page: web))")
                if seconds == nil { Console.note("Press Ctrl-C to stop.") }
                _ = try await end.runUntilSignal {
                    try await printEvents(api, from: start, for: seconds.map { .seconds($0) })
                }
                return start
            }
            guard let start else { return summary(of: []) }
            guard printsSummary else { return summary(of: []) }
            Console.note("Cameras stopped; waiting for events to close and entries to arrive.")
            return summary(of: try await waitUntilSettled(api, from: start, until: end))
        }
    }

    private func summary(of events: [DemoAPI.SeenEvent]) -> DemoSummary {
        DemoSummary(
            cameras: scenes.scenes.count,
            events: events.count,
            open: events.count { $0.state == "open" },
            clips: events.count { !$0.clips.isEmpty && $0.clips.allSatisfy { $0.state == "complete" } },
            acknowledged: events.count { $0.delivery.state == "delivered" },
            archived: events.count { $0.archive.state == "stored" },
            errors: 0,
            latencyMs: DemoSummary.Latency(events.compactMap(\.delivery.latencyMs)),
            state: folder.path)
    }

    private func waitUntilUp(_ api: DemoAPI) async throws {
        var limit = ContinuousClock.now.advanced(by: .seconds(90))
        var missing = "the edge does not answer yet"
        var nextNote = ContinuousClock.now.advanced(by: .seconds(5))
        while ContinuousClock.now < limit {
            try Task.checkCancellation()
            if let status = try? await api.status() {
                if status.isUp { return }
                missing = Self.missing(in: status)
            }
            if ContinuousClock.now > nextNote {
                // Encoding a long film takes minutes; the time limit begins when that has ended.
                if let progress = DemoPreparation.progress(log: folder.log("cameras")) {
                    limit = ContinuousClock.now.advanced(by: .seconds(90))
                    missing = progress
                }
                Console.note("Waiting: \(missing).")
                nextNote = ContinuousClock.now.advanced(by: .seconds(5))
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw GuardianError(
            .deadlineExceeded, "The demo did not start within 90 s: \(missing). Its logs: \(folder.file("logs")).")
    }

    private static func missing(in status: DemoAPI.Status) -> String {
        var reasons = status.cameras.filter { $0.state != "live" }.map { "camera \($0.id) is \($0.state)" }
        if !status.node.connected { reasons.append("the node is not connected") }
        if status.inference.state != "up" { reasons.append("the AI service is \(status.inference.state)") }
        return reasons.joined(separator: ", ")
    }

    /// Prints a line for every event, until the time is over.
    private func printEvents(_ api: DemoAPI, from start: Timestamp, for time: Duration?) async throws {
        let limit = time.map { ContinuousClock.now.advanced(by: $0) }
        var printed: Set<String> = []
        while limit.map({ ContinuousClock.now < $0 }) ?? true {
            // The request fails while the edge restarts; the next iteration retries.
            let events = (try? await api.events(from: start)) ?? []
            for event in events.reversed() where printed.insert(event.id).inserted {
                Console.note("\(event.startedAt)  \(event.label) at \(event.camera)")
            }
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// Returns all events once they are closed, their clips complete, and their entries and clips at the node; or as they are, after
    /// half a minute in which nothing of them changed, since a busy machine may be minutes behind its cameras. After a signal the
    /// whole demo ends within 10 s.
    private func waitUntilSettled(
        _ api: DemoAPI, from start: Timestamp, until end: DemoEnd
    ) async throws -> [DemoAPI.SeenEvent] {
        var seen: [DemoAPI.SeenEvent] = []
        var limit = ContinuousClock.now.advanced(by: .seconds(30))
        var isEnding = false
        while true {
            let events = try? await api.events(from: start)
            let settled = events?.allSatisfy { event in
                event.state != "open" && event.delivery.state == "delivered" && event.archive.state == "stored"
                    && event.clips.allSatisfy { $0.state != "recording" }
            }
            if end.isRequested, !isEnding {
                isEnding = true
                limit = ContinuousClock.now.advanced(by: .seconds(6))
            } else if let events, events != seen, !isEnding {
                seen = events
                limit = ContinuousClock.now.advanced(by: .seconds(30))
            }
            if let events, settled == true || ContinuousClock.now > limit { return events }
            guard ContinuousClock.now < limit else {
                throw GuardianError(.unavailable, "The edge stopped answering. Its logs: \(folder.file("logs")).")
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
