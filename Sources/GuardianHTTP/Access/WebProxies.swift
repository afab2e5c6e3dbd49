import GuardianCore

/// The proxies whose word about a client's address counts. Anybody else's is not read: everybody can send such headers.
public struct WebProxies: Hashable, Sendable {
    private let networks: [IPNetwork]

    public static let none = WebProxies(networks: [])

    /// The most of them.
    private static let limit = 16

    private init(networks: [IPNetwork]) { self.networks = networks }

    /// - Parameter texts: addresses, or networks such as `10.0.0.0/24`.
    /// - Throws: `invalid_argument` for a text that is neither, for a network of all addresses, and when there are too many.
    public init(_ texts: [String]) throws {
        guard texts.count <= Self.limit else {
            throw GuardianError(.invalidArgument, "There are at most \(Self.limit) proxies: leave some out.")
        }
        networks = try texts.map { text in
            guard let network = IPAddress(ofHost: text).map({ IPNetwork($0) }) ?? IPNetwork(text), network.prefix > 0
            else {
                throw GuardianError(
                    .invalidArgument,
                    "“\(text)” is no proxy's address; write one such as 127.0.0.1, or a network such as 10.0.0.0/24.")
            }
            return network
        }
    }

    func contain(_ address: String) -> Bool {
        guard let address = IPAddress(ofHost: address) else { return false }
        return networks.contains { $0.contains(address) }
    }

    /// Returns the address of the client whose request arrived.
    ///
    /// A proxy appends the address of its own client to `X-Forwarded-For`. So the list is read from its end, as long as it names
    /// configured proxies: what stands before the first other address was written by that client, and may be a lie.
    ///
    /// - Parameters:
    ///   - connection: where the connection comes from.
    ///   - fields: the values of `X-Forwarded-For`, in their order.
    package func client(of connection: String, forwardedFor fields: [String]) -> String {
        guard contain(connection) else { return connection }
        var client = connection
        for text in fields.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }).reversed() {
            // A proxy that does not write an address hides everybody behind itself.
            guard let address = IPAddress(ofHost: String(text.trimmingSpaces)) else { return client }
            client = address.description
            guard contain(client) else { return client }
        }
        return client
    }
}
