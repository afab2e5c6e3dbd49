import Foundation
import GRDB
import GuardianCore
import GuardianOperations

/// The first run: whoever has the one-time secret makes the first owner. There is no other way in while there is no account,
/// and none of this once there is one.
public struct Setup: Sendable {
    let identity: IdentityStore
    let hashing: PasswordHashing

    /// Whether nobody has an account yet.
    public func isOpen() async throws -> Bool { try await identity.read { try AccountRows.count(in: $0) == 0 } }

    /// Returns the secret for the link while there is no account, and removes the file once there is one. The same secret is
    /// returned after a restart, so that a link that was written down stays good.
    ///
    /// - Parameters:
    ///   - file: where the secret is kept, mode 0600. A lost file makes a new secret, and the old link useless.
    ///   - onNew: called when a secret was made, to tell whoever installs this.
    /// - Throws: `unavailable` when the file cannot be written.
    public func prepare(
        file: String, onNew: (Secret<String>) -> Void = { _ in }
    ) async throws -> Secret<String>? {
        guard try await isOpen() else {
            unlink(file)
            return nil
        }
        let stored = try await identity.read { try SetupRows.secret(in: $0) }
        if let stored, let secret = Self.read(file), OpaqueSecret.digest(secret) == stored { return secret }
        let secret = OpaqueSecret.make(identity.randomness)
        guard let digest = OpaqueSecret.digest(secret) else {
            throw GuardianError(.internal, "The setup's secret could not be made.")
        }
        // The file first: after a crash in between, the next start makes another secret.
        do { try Durability.replace(file, with: Array("\(secret.reveal())\n".utf8)) } catch {
            throw GuardianError(
                .unavailable, "\(file) cannot be written: check the disk and the folder's permissions.", cause: error)
        }
        try await identity.write { [identity] database in
            try SetupRows.setSecret(digest, at: identity.clock.now(), in: database)
            try identity.record(.setupBegun, by: .guardian, from: .local, in: database)
        }
        onNew(secret)
        return secret
    }

    /// Whether this is the secret. Takes no work worth stealing: it has 256 bits.
    public func isRight(_ secret: Secret<String>) async throws -> Bool {
        guard let digest = OpaqueSecret.digest(secret) else { return false }
        return try await identity.read { try Self.isRight(digest, in: $0) }
    }

    /// Makes the first owner and logs them in. Of two who try at once, one succeeds. Call `prepare` again afterwards, which
    /// removes the file.
    ///
    /// - Throws: `unauthenticated` when the secret is wrong or was used, `invalidArgument` with the `field`.
    public func complete(
        _ secret: Secret<String>, name: String, password: Secret<String>, isRemembered: Bool = false,
        from origin: RequestOrigin
    ) async throws -> NewSession {
        // Before the password's work, which a stranger must not cause.
        guard let digest = OpaqueSecret.digest(secret), try await isRight(secret) else { throw Self.refusal }
        let account = try Account(NewAccount(name: name, password: password, role: .owner), identity)
        let hash = try await hashing.hash(new: password, of: account.name)
        let session = OpaqueSecret.make(identity.randomness)
        return try await identity.write { [identity] database in
            guard try Self.isRight(digest, in: database) else { throw Self.refusal }
            try AccountRows.insert(account, password: hash, in: database)
            try SetupRows.delete(in: database)
            try PlaceRows.see(
                origin.address, by: account.id, at: account.createdAt,
                keeping: identity.settings.knownPlacesPerAccount, in: database)
            try identity.record(
                .setupCompleted, by: .account(account.id, name: account.name.text), from: origin,
                about: account.id.description, in: database)
            return try Sessions.begin(
                for: account.id, isRemembered: isRemembered, from: origin, secret: session, identity, in: database)
        }
    }

    private static var refusal: GuardianError {
        GuardianError(
            .unauthenticated,
            "The setup link is wrong or was used already; `guardian user setup-link` on the recorder shows the newest.")
    }

    private static func isRight(_ digest: Hash256, in database: Database) throws -> Bool {
        try SetupRows.secret(in: database) == digest && AccountRows.count(in: database) == 0
    }

    private static func read(_ file: String) -> Secret<String>? {
        guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: OpaqueSecret.textLimit) else { return nil }
        return Secret(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
