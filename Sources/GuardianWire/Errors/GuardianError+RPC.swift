import GRPCCore
import GuardianCore

extension GuardianError: RPCErrorConvertible {
    public var rpcErrorCode: RPCError.Code { code.rpc }

    /// The message, without the cause, which is not sent to the peer.
    public var rpcErrorMessage: String { message }

    /// Converts the error of a failed call to a `GuardianError`; returns one unchanged. The peer's text is shortened.
    public static func call(_ error: any Error, _ what: String) -> GuardianError {
        if let error = error as? GuardianError { return error }
        if error is CancellationError { return GuardianError(.cancelled, "\(what) was cancelled.", cause: error) }
        guard let error = error as? RPCError else {
            return GuardianError(.unavailable, "\(what) failed.", cause: error)
        }
        return GuardianError(Code(error.code), "\(what): \(PeerText.bounded(error.message))", cause: error.cause)
    }
}

extension GuardianError.Code {
    /// The gRPC code of the same name.
    public var rpc: RPCError.Code {
        switch self {
        case .cancelled: .cancelled
        case .unknown: .unknown
        case .invalidArgument: .invalidArgument
        case .deadlineExceeded: .deadlineExceeded
        case .notFound: .notFound
        case .alreadyExists: .alreadyExists
        case .permissionDenied: .permissionDenied
        case .resourceExhausted: .resourceExhausted
        case .failedPrecondition: .failedPrecondition
        case .aborted: .aborted
        case .outOfRange: .outOfRange
        case .unimplemented: .unimplemented
        case .internal: .internalError
        case .unavailable: .unavailable
        case .dataLoss: .dataLoss
        case .unauthenticated: .unauthenticated
        }
    }

    /// The code of the same name; `unknown` when there is none.
    public init(_ code: RPCError.Code) {
        self = Self.allCases.first { $0.rpc == code } ?? .unknown
    }
}
