import GuardianCore
import GuardianTelemetry

/// Reads from the newest telemetry what decides how edges are.
struct EdgeHealthReader {
    /// What an edge measured last.
    struct State {
        var measuredAt: Timestamp
        var errors: Int64 = 0
        var cameras = 0
        var deadCameras = 0
    }

    /// How far back it looks: what is older is not how the edge is now.
    static let span: Int64 = 5 * 60_000

    let telemetry: TelemetryStore
    let now: Timestamp

    func states() async throws -> [Hash256: State] {
        var states = try await telemetry.newest().mapValues { State(measuredAt: $0) }
        // An edge's clock may be ahead.
        let query = TelemetryQuery(
            from: now + -Self.span, to: now + TelemetryLimits.ahead, step: 60,
            metrics: [.errors, .cameraLive], now: now)
        for line in try await telemetry.lines(query) {
            guard let last = line.points.last?.rollup, var state = states[line.device] else { continue }
            switch line.series.metric {
            case .errors: state.errors = last.last
            default:
                // A camera that was removed sends nothing any more.
                guard state.measuredAt - last.lastAt < 60_000 else { continue }
                state.cameras += 1
                if last.last == 0 { state.deadCameras += 1 }
            }
            states[line.device] = state
        }
        return states
    }
}

extension EdgeHealth {
    init(isConnected: Bool, _ state: EdgeHealthReader.State?, now: Timestamp) {
        var reasons: [String] = []
        if !isConnected { reasons.append("It is not connected.") }
        if let state, now - state.measuredAt < EdgeHealthReader.span {
            if state.errors > 0 {
                reasons.append(state.errors == 1 ? "It shows a problem." : "It shows \(state.errors) problems.")
            }
            if state.deadCameras > 0 {
                reasons.append("\(state.deadCameras) of \(state.cameras) cameras send no video.")
            }
        } else {
            reasons.append(
                state == nil ? "It has sent no telemetry yet." : "It has sent no telemetry for five minutes.")
        }
        self.init(
            state: !isConnected ? .offline : reasons.isEmpty ? .healthy : .degraded, reasons: reasons,
            measuredAt: state?.measuredAt.rfc3339)
    }
}
