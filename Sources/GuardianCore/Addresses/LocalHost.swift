/// Hosts at which no camera of a network is: this machine, link-local addresses, metadata services of clouds. What a camera or a
/// user names must not make the recorder connect there.
public enum LocalHost {
    /// Returns why a host is not allowed, as far as its text shows: a name is not looked up.
    public static func refusal(of host: String) -> String? {
        let name = (host.hasSuffix(".") ? String(host.dropLast()) : host).lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") { return "That is this machine." }
        return IPAddress(ofHostInAnyForm: host).flatMap { refusal(of: $0) }
    }

    /// Returns why an address is not allowed.
    public static func refusal(of address: IPAddress) -> String? {
        switch address.kind {
        case .public, .private: nil
        case .loopback, .linkLocal, .multicast, .metadata, .reserved:
            "That is an address of this machine, or one that no camera on a network has."
        }
    }

    /// Whether a host is written as a number, and so needs no look-up.
    public static func isNumber(_ host: String) -> Bool { IPAddress(ofHostInAnyForm: host) != nil }
}
