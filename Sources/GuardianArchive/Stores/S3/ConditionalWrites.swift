import Synchronization

/// What is known of a server's conditional writes (`If-None-Match: *`), for each kind of request.
final class ConditionalWrites: Sendable {
    enum Request: Hashable, Sendable {
        case put
        case complete
    }

    private enum Support {
        /// It answered 501: not asked again.
        case refused
        /// It kept an object from being replaced: its word alone is enough.
        case proven
    }

    private let known = Mutex<[Request: Support]>([:])

    /// Whether to send the condition.
    func isWorthTrying(_ request: Request) -> Bool { known.withLock { $0[request] != .refused } }

    /// Whether to look for ourselves before writing: servers that do not know the condition may also pass over it.
    func needsLook(_ request: Request) -> Bool { known.withLock { $0[request] != .proven } }

    func isRefused(_ request: Request) { known.withLock { $0[request] = .refused } }
    func isProven(_ request: Request) { known.withLock { $0[request] = .proven } }
}
