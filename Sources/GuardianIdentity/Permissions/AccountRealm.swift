import GuardianCore

/// One of a server's sets of accounts. A recorder has one, a node has one for each tenant and one for its operators. Names, secrets and rights mean nothing outside
/// of their realm.
///
/// A secret that leaves the server is marked with its realm, as in `miller.gdn_…`, so that a request tells with it where it is looked up.
/// Those of the home realm, which every server has, have no mark.
public struct AccountRealm: Hashable, Sendable {
    /// The realm that every server has.
    public static let home = AccountRealm(.home)

    /// That of a node's operators.
    public static let operators = AccountRealm(.operators)

    /// No secret of ours has it.
    private static let separator: Character = "."

    public let tenant: TenantName

    public init(_ tenant: TenantName) { self.tenant = tenant }

    /// Returns the secret as whoever gets it keeps it.
    public func mark(_ secret: Secret<String>) -> Secret<String> {
        self == .home ? secret : Secret("\(tenant)\(Self.separator)\(secret.reveal())")
    }

    /// Returns the realm and the secret of a marked text; `nil` when the mark is none.
    public static func read(_ text: Secret<String>) -> (realm: AccountRealm, secret: Secret<String>)? {
        let text = text.reveal()
        guard let end = text.firstIndex(of: separator) else { return (.home, Secret(text)) }
        guard let tenant = TenantName(String(text[..<end])) else { return nil }
        return (AccountRealm(tenant), Secret(String(text[text.index(after: end)...])))
    }
}
