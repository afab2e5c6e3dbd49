import GuardianCore
import HTTPTypes
import Hummingbird

/// A request whose query has passed the route's own list of names: what a route's code sees.
public struct WebRequest: Sendable {
    public let request: Request
    public let context: WebContext
    public let query: QueryParameters

    public var headers: HTTPFields { request.headers }

    /// A part of the path, decoded.
    ///
    /// - Throws: `invalid_argument` when its percent-encoding is broken.
    public func path(_ name: String) throws -> String {
        guard let text = context.parameters.get(name)?.removingPercentEncoding else {
            throw GuardianError(.invalidArgument, "The address is not well formed: check its percent-encoding.")
        }
        return text
    }

    /// A part of the path that is a UUID.
    ///
    /// - Throws: `invalid_argument` when it is none.
    public func identifier<Kind>(_ name: String, of kind: Kind.Type, called what: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(try path(name)) else {
            throw GuardianError(
                .invalidArgument, "\(what) is named by its UUID, such as 0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b.")
        }
        return id
    }

    /// A part of the path that is a camera's alias.
    ///
    /// - Throws: `invalid_argument` when it is none.
    public func cameraAlias(_ name: String = "id") throws -> CameraAlias {
        try Parameter.alias(try path(name))
    }
}
