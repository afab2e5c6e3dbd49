import Synchronization

/// Remembers whether a server supports conditional writes (`If-None-Match: *`), for each kind of request.
final class ConditionalWrites: Sendable {
    enum Request: Hashable, Sendable {
        case put
        case complete
    }

    private enum Support {
        /// The server answered 501; the condition is not sent again.
        case unsupported
        /// The server has refused to replace an object, so that its own check is enough.
        case proven
    }

    private let known = Mutex<[Request: Support]>([:])

    /// Returns whether to send the condition.
    func maySupport(_ request: Request) -> Bool { known.withLock { $0[request] != .unsupported } }

    /// Returns whether to check for an existing object before writing: a server without support may ignore the
    /// condition.
    func needsCheck(_ request: Request) -> Bool { known.withLock { $0[request] != .proven } }

    func markUnsupported(_ request: Request) { known.withLock { $0[request] = .unsupported } }
    func markProven(_ request: Request) { known.withLock { $0[request] = .proven } }
}
