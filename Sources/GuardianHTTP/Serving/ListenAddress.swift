import GuardianCore

/// Where a server listens. Only this machine's own addresses: there are no logins yet.
public struct ListenAddress: Sendable, Hashable {
    public let host: String
    /// 0: one that the system chooses.
    public let port: Int

    /// - Throws: `invalid_argument` for an address that other machines reach, with the reason and the way around it.
    public init(host: String, port: Int) throws {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw GuardianError(
                .invalidArgument,
                """
                Guardian has no logins yet, so listening on \(host) would show the cameras to everyone who reaches \
                this machine: use 127.0.0.1, and look from elsewhere through an SSH tunnel.
                """)
        }
        guard (0...65535).contains(port) else {
            throw GuardianError(.invalidArgument, "A port is a number from 0 to 65535, and \(port) is not.")
        }
        self.host = host
        self.port = port
    }
}
