import GuardianCore

/// Says why a chain begins, and names the newest entry of the chain before it that the device knows. So a chain that follows
/// another is provably its continuation, even if the older chain's entries are lost.
public struct ChainBeginning: Hashable, Sendable {
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// The database was damaged and was set aside.
        case damaged
        /// The database is older than what this device had written: it was restored, or its end was lost.
        case restored
    }

    public var reason: Reason
    /// The chain before; `nil` when nothing is known of it.
    public var before: ChainHead?

    public init(reason: Reason, before: ChainHead?) {
        self.reason = reason
        self.before = before
    }
}

extension ChainBeginning {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("reason")
            json.string(reason.rawValue)
            guard let before else { return }
            json.member("chain")
            json.string(before.chain.description)
            json.member("sequence")
            json.integer(before.sequence)
            json.member("hash")
            json.string(before.hash?.hex ?? "")
        }
    }

    init(journal node: JSONNode) throws {
        reason = try node.required("reason").choice()
        guard let chain = try node.optional("chain") else { return }
        let hash = try node.required("hash")
        before = ChainHead(
            chain: try chain.identifier(), sequence: try node.required("sequence").integer(in: 0...Int64.max),
            hash: hash.value == .string("") ? nil : try hash.hash())
    }
}
