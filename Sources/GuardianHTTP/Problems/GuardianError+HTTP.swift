import GuardianCore
import HTTPTypes

extension GuardianError.Code {
    /// The one place where codes become statuses. After google.rpc.Code's table, but for `failed_precondition`, which
    /// is about the state of things here and not about the request's form (RFC 9110, 15.5.10).
    public var httpStatus: HTTPResponse.Status {
        switch self {
        case .cancelled: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request")
        case .unknown, .internal, .dataLoss: .internalServerError
        case .invalidArgument, .outOfRange: .badRequest
        case .deadlineExceeded: .gatewayTimeout
        case .notFound: .notFound
        case .alreadyExists, .failedPrecondition, .aborted: .conflict
        case .permissionDenied: .forbidden
        case .resourceExhausted: .tooManyRequests
        case .unimplemented: .notImplemented
        case .unavailable: .serviceUnavailable
        case .unauthenticated: .unauthorized
        }
    }
}
