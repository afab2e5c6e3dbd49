import GuardianCore
import Synchronization

/// Remembers whether a server supports conditional writes (`If-None-Match: *`), for each kind of request.
final class ConditionalWrites: Sendable {
    enum Request: Hashable, Sendable {
        case put
        case complete
    }

    private enum Support {
        /// The server refused the condition and stored without it; the condition is not sent again.
        case unsupported
        /// The server has refused to replace an object, so that its own check is enough.
        case proven
    }

    private let known = Mutex<[Request: Support]>([:])

    /// Returns whether to send the condition.
    func maySupport(_ request: Request) -> Bool { known.withLock { $0[request] != .unsupported } }

    /// Returns whether a request that was refused with this error may have been refused because of its condition: servers that
    /// do not know it answer 501 or 400, with any code.
    func mayHaveCaused(_ error: GuardianError, of request: Request) -> Bool {
        guard let failure = error.s3, !failure.isTransient, known.withLock({ $0[request] != .proven }) else {
            return false
        }
        return failure.status == 501 || (failure.status == 400 && error.code == .invalidArgument)
    }

    /// Returns whether to check for an existing object before writing: a server without support may ignore the
    /// condition.
    func needsCheck(_ request: Request) -> Bool { known.withLock { $0[request] != .proven } }

    func markUnsupported(_ request: Request) { known.withLock { $0[request] = .unsupported } }
    func markProven(_ request: Request) { known.withLock { $0[request] = .proven } }
}
