import GuardianCore

/// The address on which a server listens. Only loopback addresses are allowed, since there is no authentication yet.
public struct ListenAddress: Sendable, Hashable {
    public let host: String
    /// 0 lets the system choose a port.
    public let port: Int

    /// - Throws: `invalid_argument` for an address that other machines can reach, with the reason and the alternative,
    ///   and for an invalid port.
    public init(host: String, port: Int) throws {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw GuardianError(
                .invalidArgument,
                """
                Guardian has no logins yet, so listening on \(host) would show the cameras to everyone who reaches \
                this machine: use 127.0.0.1, and an SSH tunnel from other machines.
                """)
        }
        guard (0...65535).contains(port) else {
            throw GuardianError(.invalidArgument, "A port is a number from 0 to 65535, and \(port) is not.")
        }
        self.host = host
        self.port = port
    }
}
