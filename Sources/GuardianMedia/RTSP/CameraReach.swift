import GuardianClients
import GuardianCore

/// Where a camera's address may lead when it is connected to.
///
/// libav looks a name up itself, each time that it connects. A name that answers differently then would lead to an address that
/// nobody has checked (DNS rebinding). So where the address matters, libav is given an address instead of the name.
public struct CameraReach: Sendable {
    /// Wherever the name leads: whoever wrote the address has the machine.
    public static let anywhere = CameraReach(lookUp: nil) { _ in nil }

    /// Not to this machine, and not where no camera of a network is. An address that is written as a number stays as it is: it
    /// cannot become another one, and is checked where it is written.
    public static let networks = CameraReach(lookUp: HostResolver.waiting) { LocalHost.refusal(of: $0) }

    /// `nil`: libav may look names up.
    private let lookUp: (@Sendable (String) -> [IPAddress])?
    private let refusal: @Sendable (IPAddress) -> String?

    /// - Parameters:
    ///   - lookUp: blocks until it knows the addresses of a name.
    ///   - refusal: says why there must be no connection to an address; `nil` when there may be one.
    package init(
        lookUp: (@Sendable (String) -> [IPAddress])?, refusal: @escaping @Sendable (IPAddress) -> String?
    ) {
        self.lookUp = lookUp
        self.refusal = refusal
    }

    /// Whether libav must not look this host up.
    func pins(_ host: String) -> Bool { lookUp != nil && !LocalHost.isNumber(host) }

    /// Returns where a camera is connected to, in the order of trying: its address as it is, or at each address of its name.
    ///
    /// - Throws: `unavailable` when the name is unknown, `permissionDenied` when one of its addresses must not be connected to: a
    ///   name that means this machine among others is no camera's.
    func places(of camera: RTSPAddress) throws -> [RTSPAddress] {
        let host = camera.endpoint.host
        guard let lookUp, pins(host) else { return [camera] }
        let addresses = lookUp(host)
        guard !addresses.isEmpty else {
            throw GuardianError(
                .unavailable,
                "The name \(host) of the camera is not known in this network: check it, or write the camera's address as a number."
            )
        }
        for address in addresses {
            if let reason = refusal(address) {
                throw GuardianError(
                    .permissionDenied,
                    "\(host) is \(address). \(reason) Write such a camera into the configuration file, or allow it there with "
                        + "allowLocalCameraAddresses: true.")
            }
        }
        return addresses.map { camera.at($0) }
    }
}
