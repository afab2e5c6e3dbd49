import GuardianCore
public import GuardianIdentity
import HTTPTypes
import Hummingbird
import Logging

/// A request as a route's handler receives it, with its query checked against the parameters of the route.
public struct WebRequest: Sendable {
    public let request: Request
    public let context: WebContext
    public let query: QueryParameters
    /// Who asks, and from where.
    public let caller: Caller
    private let gate: Gate
    /// Bytes of a body.
    let bodyLimit: Int

    init(
        request: Request, context: WebContext, query: QueryParameters, caller: Caller, gate: Gate, bodyLimit: Int
    ) {
        self.bodyLimit = bodyLimit
        self.request = request
        self.context = context
        self.query = query
        self.caller = caller
        self.gate = gate
    }

    /// Whose accounts answer.
    var realm: AccountRealm { gate.realm }

    /// Who asks; `nobody` on a route for everyone.
    public var principal: Principal { caller.principal }

    /// Runs `end` when a response that this request began has to end, because whoever asked may no longer see it, or because that cannot
    /// be found out. Returns without it when it is cancelled.
    func whenAccessEnds(_ end: () -> Void) async {
        do { try await gate.untilEnded(principal) } catch is CancellationError { return } catch {
            context.logger.warning(
                "rights of a stream cannot be checked, ended", metadata: ["error": .string("\(error)")])
        }
        if !Task.isCancelled { end() }
    }

    public var headers: HTTPFields { request.headers }

    /// Returns a path parameter, decoded.
    ///
    /// - Throws: `invalid_argument` when its percent-encoding is broken.
    public func path(_ name: String) throws -> String {
        guard let text = context.parameters.get(name)?.removingPercentEncoding else {
            throw GuardianError(.invalidArgument, "The address is not well formed: check its percent-encoding.")
        }
        return text
    }

    /// Returns a path parameter that is a UUID.
    ///
    /// - Throws: `invalid_argument` when it is not a UUID.
    public func identifier<Kind>(_ name: String, of kind: Kind.Type, called what: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(try path(name)) else {
            throw GuardianError(
                .invalidArgument, "\(what) is named by its UUID, such as 0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b.")
        }
        return id
    }

    /// Returns a path parameter that is a camera's alias.
    ///
    /// - Throws: `invalid_argument` when it is not an alias.
    public func cameraAlias(_ name: String = "id") throws -> CameraAlias {
        try Parameter.alias(try path(name))
    }
}
