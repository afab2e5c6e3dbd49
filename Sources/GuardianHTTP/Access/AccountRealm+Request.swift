import GuardianCore
import GuardianIdentity
import HTTPTypes

extension AccountRealm {
    /// Returns the realm that a request is about: the one that it names, which a login has to do at a node, or that of what proves who
    /// sends it.
    ///
    /// - Throws: `invalid_argument` when no tenant can have that name.
    static func of(_ headers: HTTPFields) throws -> AccountRealm {
        guard let name = headers[.guardianTenant] else { return Credentials(headers).realm }
        guard let tenant = TenantName(name) else {
            throw GuardianError(
                .invalidArgument, "A household's name is made of a–z, 0–9 and hyphens, and has 40 of them at most.",
                context: ["field": "household"])
        }
        return AccountRealm(tenant)
    }
}

extension HTTPField.Name {
    // The name is a valid token (RFC 9110), so `??` never applies; the initialiser returns an optional.
    static let guardianTenant = HTTPField.Name("X-Guardian-Tenant") ?? .ifMatch
}
