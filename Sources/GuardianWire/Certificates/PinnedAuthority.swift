import Crypto
import GuardianCore
import Synchronization
import X509

/// Checks a server's certificates against an authority of which only the fingerprint is known.
public final class PinnedAuthority: Sendable {
    private let pin: AuthorityPin
    private let host: String
    private let refused = Mutex(false)

    /// Certificates that are looked at: a node sends two.
    private static let limit = 8

    init(pin: AuthorityPin, host: String) {
        (self.pin, self.host) = (pin, host)
    }

    /// Whether a server could not prove it: another server answers, or the code is another node's.
    public var hasRefused: Bool { refused.withLock { $0 } }

    /// Whether the chain, the server's own certificate first, ends in the pinned authority, is valid now, is for a server, and names
    /// the host.
    func accepts(_ chain: [Certificate]) async -> Bool {
        guard let leaf = chain.first, chain.count <= Self.limit else { return refuse() }
        for candidate in chain.dropFirst() {
            guard let bytes = try? candidate.derBytes() else { continue }
            guard pin.matches(Hash256(digest: SHA256.hash(data: bytes))) else { continue }
            guard await ServerChain.isValid(leaf, [], of: [candidate], host: host),
                let usage = try? leaf.extensions.extendedKeyUsage, usage.contains(.serverAuth)
            else { return refuse() }
            return true
        }
        return refuse()
    }

    private func refuse() -> Bool {
        refused.withLock { $0 = true }
        return false
    }
}
