import GuardianCore

/// Whose certificate it is: a device, by its key's fingerprint, and whether the node itself gave it to a tenant.
public struct DeviceIdentity: Hashable, Sendable {
    /// The tenant that the node's certificate names; `nil` for a certificate that an operator made by hand.
    public let enrolledTenant: TenantName?
    /// SHA-256 of the device's Ed25519 public key.
    public let fingerprint: Hash256

    public init(enrolledTenant: TenantName? = nil, fingerprint: Hash256) {
        self.enrolledTenant = enrolledTenant
        self.fingerprint = fingerprint
    }

    public var tenant: TenantName { enrolledTenant ?? .home }

    private static let scheme = "guardian://"
    private static let plain = "urn:guardian:device:"

    /// `guardian://TENANT/EDGE` for an enrolled device, `urn:guardian:device:EDGE` for others; EDGE is the fingerprint in hexadecimal.
    public var uri: String {
        guard let enrolledTenant else { return Self.plain + fingerprint.hex }
        return "\(Self.scheme)\(enrolledTenant)/\(fingerprint.hex)"
    }

    /// `nil` unless the URI is exactly of one of these forms.
    public init?(uri: String) {
        if uri.hasPrefix(Self.plain) {
            guard let fingerprint = Hash256(hex: String(uri.dropFirst(Self.plain.count))) else { return nil }
            self.init(fingerprint: fingerprint)
            return
        }
        guard uri.hasPrefix(Self.scheme) else { return nil }
        let parts = uri.dropFirst(Self.scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let tenant = TenantName(String(parts[0])),
            let fingerprint = Hash256(hex: String(parts[1]))
        else { return nil }
        self.init(enrolledTenant: tenant, fingerprint: fingerprint)
    }
}
