import GuardianCore

/// Keys that only this server knows. Each is made at its first use and stays, so that what it sealed is read after a restart too.
public struct ServerKeys: Sendable {
    /// What a key is for; the raw values stand in the database, and so never change.
    public enum Purpose: String, Sendable {
        /// The ids of event streams (`EventPositionSeal` of GuardianHTTP).
        case eventPositions = "event_positions"
    }

    /// Bytes of a key.
    static let size = 32

    let identity: IdentityStore

    /// Returns the key, 256 random bits.
    ///
    /// - Throws: what reading or writing the database throws.
    public func key(_ purpose: Purpose) async throws -> Secret<[UInt8]> {
        if let known = try await identity.read({ try KeyRows.key(purpose, in: $0) }) { return Secret(known) }
        let new = identity.randomness.bytes(Self.size)
        // Another process may have made it meanwhile.
        return try await identity.write { database in
            if let known = try KeyRows.key(purpose, in: database) { return Secret(known) }
            try KeyRows.insert(new, for: purpose, in: database)
            return Secret(new)
        }
    }
}
