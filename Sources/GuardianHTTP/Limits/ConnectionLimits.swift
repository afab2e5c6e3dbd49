import GuardianCore
import GuardianIdentity
import GuardianOperations
import Logging
import Synchronization

/// Keeps one place (an IPv4 address, an IPv6 /64) from taking all connections of a server, so that others can still reach it.
///
/// This machine itself, and configured proxies, may have all but the reserved ones: they bring everybody else's connections.
public final class ConnectionLimits: Sendable {
    private struct State {
        var total = 0
        /// Places that have a connection, so never more than there are connections.
        var places: [String: Int] = [:]
        var unsaid = 0
        var said: ContinuousClock.Instant?
    }

    private let allowance: ConnectionAllowance
    private let proxies: WebProxies
    private let clock: any MonotonicClock
    private let open: Gauge
    private let refused: Counter
    private let state = Mutex(State())

    public init(
        _ allowance: ConnectionAllowance = ConnectionAllowance(), proxies: WebProxies = .none,
        clock: any MonotonicClock, metrics: MetricsRegistry
    ) {
        self.allowance = allowance
        self.proxies = proxies
        self.clock = clock
        open = metrics.gauge("guardian_http_connections", help: "Open connections of the web server.")
        refused = metrics.counter(
            "guardian_http_connections_refused_total",
            help: "Connections closed at once, because their address had too many.")
    }

    /// Counts a new connection, unless its place has too many; then it is logged, once a minute at most. Whoever is let in calls
    /// `connectionEnded`.
    package func admits(_ address: ClientAddress, _ logger: Logger) -> Bool {
        let now = clock.now()
        let (isAdmitted, count) = state.withLock { state -> (Bool, Int?) in
            let own = state.places[address.place] ?? 0
            guard own < limit(of: address, total: state.total) else {
                state.unsaid += 1
                if let said = state.said, said.duration(to: now) < .seconds(60) { return (false, nil) }
                defer { state.unsaid = 0 }
                state.said = now
                return (false, state.unsaid)
            }
            state.places[address.place] = own + 1
            state.total += 1
            open.set(Double(state.total))
            return (true, nil)
        }
        if !isAdmitted { refused.increment() }
        if let count {
            logger.notice(
                "connections refused, one address has too many",
                metadata: ["address": "\(address)", "refused": "\(count)"])
        }
        return isAdmitted
    }

    package func connectionEnded(_ address: ClientAddress) {
        state.withLock { state in
            guard let own = state.places[address.place] else { return }
            state.places[address.place] = own > 1 ? own - 1 : nil
            state.total -= 1
            open.set(Double(state.total))
        }
    }

    /// How many connections the place may have, when there are so many in all.
    private func limit(of address: ClientAddress, total: Int) -> Int {
        let free = allowance.total - total
        if address.isLoopback || proxies.contain(address.text) {
            return free > 0 ? allowance.total - allowance.reserved : 0
        }
        if free > allowance.reserved { return allowance.ofOnePlace }
        return free > 0 ? min(allowance.ofOnePlaceWhenScarce, allowance.ofOnePlace) : 0
    }
}
