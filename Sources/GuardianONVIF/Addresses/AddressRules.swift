import GuardianClients
import GuardianCore

/// Which addresses may be asked. A camera, or whoever answers in its place, names addresses; it must not choose what this
/// machine connects to.
public struct AddressRules: Sendable {
    /// This machine itself, for tests and simulated cameras.
    public var allowsLoopback: Bool
    /// Cameras that got no address from a router (169.254.0.0/16). IPv6's link-local addresses are never asked.
    public var allowsLinkLocal: Bool
    package var resolver: HostResolver

    public init(allowsLoopback: Bool = false, allowsLinkLocal: Bool = false) {
        self.init(allowsLoopback: allowsLoopback, allowsLinkLocal: allowsLinkLocal, resolver: .system)
    }

    package init(allowsLoopback: Bool = false, allowsLinkLocal: Bool = false, resolver: HostResolver) {
        self.allowsLoopback = allowsLoopback
        self.allowsLinkLocal = allowsLinkLocal
        self.resolver = resolver
    }

    public func permits(_ address: IPAddress) -> Bool {
        switch address.kind {
        case .public, .private: true
        case .loopback: allowsLoopback
        case .linkLocal: allowsLinkLocal && address.bytes.count == 4
        case .multicast, .metadata, .reserved: false
        }
    }

    /// Returns the address to connect to: the first of a host's that is permitted. What is connected to is this address and
    /// not the name, so that the name cannot mean another one a moment later.
    ///
    /// - Throws: `forbiddenAddress` when none is permitted, `unknownHost` when there is none.
    package func target(of host: String) async throws(CameraFailure) -> IPAddress {
        let addresses =
            if let address = IPAddress(ofHost: host) {
                [address]
            } else {
                await resolver.addressesUntilCancelled(of: host)
            }
        guard let first = addresses.first else { throw .unknownHost }
        guard let target = addresses.first(where: permits) else { throw .forbiddenAddress(first.kind) }
        return target
    }
}
