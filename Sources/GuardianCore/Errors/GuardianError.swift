/// The one error type of the platform: what went wrong in one of sixteen kinds, in words that tell a person what to
/// do, with the cause kept.
///
/// The kinds are gRPC's canonical status codes (https://grpc.io/docs/guides/status-codes/): they map once to HTTP
/// statuses, once to gRPC, and once from each library that we call (SQLite, libav).
public struct GuardianError: Error, Sendable {
    /// gRPC's canonical codes without `ok`.
    public enum Code: String, Sendable, Hashable, CaseIterable, Codable {
        case cancelled
        case unknown
        case invalidArgument = "invalid_argument"
        case deadlineExceeded = "deadline_exceeded"
        case notFound = "not_found"
        case alreadyExists = "already_exists"
        case permissionDenied = "permission_denied"
        case resourceExhausted = "resource_exhausted"
        case failedPrecondition = "failed_precondition"
        case aborted
        case outOfRange = "out_of_range"
        case unimplemented
        case `internal`
        case unavailable
        case dataLoss = "data_loss"
        case unauthenticated
    }

    public var code: Code
    /// One sentence or two for a person: what happened and what to do. Never holds a secret.
    public var message: String
    /// The error of a lower layer that led here.
    public var cause: (any Error)?
    /// Facts for the log: names and numbers, never secrets.
    public var context: [String: String]

    public init(
        _ code: Code, _ message: String, cause: (any Error)? = nil, context: [String: String] = [:]
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.context = context
    }

    /// Whether the same call may succeed later without anyone changing anything.
    public var isRetryable: Bool {
        switch code {
        case .unavailable, .aborted, .resourceExhausted, .deadlineExceeded: true
        default: false
        }
    }
}

extension GuardianError: CustomStringConvertible {
    public var description: String {
        guard let cause else { return message }
        return "\(message) (\(cause))"
    }
}

extension GuardianError {
    /// Any error as ours: one that is ours already stays as it is, a cancellation is `cancelled`, the rest is `unknown`
    /// with `message` in front.
    public static func wrap(_ error: any Error, _ message: @autoclosure () -> String) -> GuardianError {
        if let error = error as? GuardianError { return error }
        if error is CancellationError { return GuardianError(.cancelled, "Cancelled.", cause: error) }
        return GuardianError(.unknown, message(), cause: error)
    }
}
