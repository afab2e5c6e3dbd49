import Synchronization

/// The chain that is appended to; changes when a new one begins.
final class CurrentOrigin: Sendable {
    private let state: Mutex<Projection.Origin>

    init(_ origin: Projection.Origin) { state = Mutex(origin) }

    var value: Projection.Origin { state.withLock { $0 } }
    func set(_ origin: Projection.Origin) { state.withLock { $0 = origin } }
}
