import GuardianCore
import HTTPTypes

extension GuardianError.Code {
    /// The HTTP status of an error code, as in google.rpc.Code's table. The exception is `failed_precondition`, which
    /// is a conflict with the server's state and not a malformed request: 409 (RFC 9110, 15.5.10).
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
