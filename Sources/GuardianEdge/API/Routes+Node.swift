import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Hummingbird

/// Enrols the recorder at a node.
struct NodeEnrolmentBody: JSONBody {
    static let members = ["node", "code"]

    /// Where the node answers enrolment, such as `node.example` or `https://node.example:9444`.
    var node: String
    /// The one-time code that the node's operator made.
    var code: String
}

extension Routes {
    /// Records in the audit log that somebody is about to change the node.
    typealias NodeAudit = @Sendable (_ by: Caller, _ change: String, _ node: String) async throws -> Void

    private static let act = "change the recorder's node"

    /// Adds the routes of the node that the recorder sends to.
    ///
    /// - Parameter audit: `nil` where nobody logs in.
    mutating func addNode(_ sources: EdgeSources, audit: NodeAudit?) {
        get("/api/v1/node", needs: .mayForAllCameras(.manageSettings)) { _ in
            try JSON.response(await sources.requireNode().view)
        }
        post("/api/v1/node/enrolment", needs: .mayForAllCameras(.manageSettings), kind: .expensive) { web in
            try web.caller.requirePerson(to: Self.act)
            let node = try sources.requireNode()
            let body = try await web.body(as: NodeEnrolmentBody.self)
            try await node.enrol(at: body.node, code: Secret(body.code)) { try await audit?(web.caller, $0, $1) }
            return try JSON.response(await node.view)
        }
        delete("/api/v1/node", needs: .mayForAllCameras(.manageSettings)) { web in
            try web.caller.requirePerson(to: Self.act)
            let node = try sources.requireNode()
            try await node.leave { try await audit?(web.caller, $0, $1) }
            return try JSON.response(await node.view)
        }
    }
}

extension EdgeSources {
    /// - Throws: `unavailable` where the node cannot be changed.
    fileprivate func requireNode() throws -> NodeMembership {
        guard let node else {
            throw GuardianError(.unavailable, "The node cannot be changed here; try again in a moment.")
        }
        return node
    }
}
