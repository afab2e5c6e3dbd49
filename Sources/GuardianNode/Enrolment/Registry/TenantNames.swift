import GuardianCore
import GuardianOperations
import Synchronization

/// The names of the tenants, kept in memory: strangers may ask for any name, and must neither keep the registry busy nor tell by the time that
/// it takes which names there are.
final class TenantNames: Sendable {
    /// A name that is not known is looked up this often at most. One that was added is known after that time.
    private static let interval: Duration = .milliseconds(100)

    private struct State {
        var names: Set<TenantName> = []
        var readAt: ContinuousClock.Instant?
    }

    private let registry: any EnrolmentRegistry
    private let monotonic: any MonotonicClock
    private let state = Mutex(State())

    init(_ registry: any EnrolmentRegistry, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.registry = registry
        self.monotonic = monotonic
    }

    /// - Throws: `unavailable` when the registry cannot be read.
    func contain(_ name: TenantName) async throws -> Bool {
        let isDue = state.withLock { state in
            guard !state.names.contains(name) else { return false }
            let now = monotonic.now()
            if let readAt = state.readAt, readAt.duration(to: now) < Self.interval { return false }
            state.readAt = now
            return true
        }
        if isDue {
            do {
                let names = Set(try await registry.tenants())
                state.withLock { $0.names = names }
            } catch {
                throw GuardianError(.unavailable, "The accounts cannot be opened now; try again later.", cause: error)
            }
        }
        return state.withLock { $0.names.contains(name) }
    }
}
