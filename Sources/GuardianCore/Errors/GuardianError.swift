/// The error type of the whole platform: one of sixteen codes, a message that tells a person what to do, and the cause.
///
/// The codes are gRPC's canonical status codes (https://grpc.io/docs/guides/status-codes/). They are mapped in one
/// place to HTTP statuses, in one to gRPC, and in one from each library that we call (SQLite, libav).
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
    /// The error of a lower layer that caused this one.
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

    /// Whether the same call may succeed later without any change.
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
    /// Converts any error: a `GuardianError` stays as it is, a cancellation becomes `cancelled`, everything else
    /// `unknown` with `message`.
    public static func wrap(_ error: any Error, _ message: @autoclosure () -> String) -> GuardianError {
        if let error = error as? GuardianError { return error }
        if error is CancellationError { return GuardianError(.cancelled, "Cancelled.", cause: error) }
        return GuardianError(.unknown, message(), cause: error)
    }
}
