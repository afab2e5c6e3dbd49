import GuardianCore

/// Hashes and verifies passwords at this machine's cost, off the cooperative pool.
final class PasswordHashing: Sendable {
    let cost: PasswordCost
    private let queue: PasswordQueue
    private let randomness: Randomness
    /// Of the machine: no passwords.
    private let names: [String]
    /// What a password is tried against where there is no account, so that both cases are the same work.
    private let stranger: PasswordHash

    /// Blocks the calling thread for as long as one password takes.
    init(
        cost: PasswordCost, randomness: Randomness, names: [String], queue: PasswordQueue = PasswordQueue()
    ) throws {
        self.cost = cost
        self.names = names
        self.queue = queue
        self.randomness = randomness
        stranger = try PasswordHash(
            of: OpaqueSecret.make(randomness), cost: cost, salt: randomness.bytes(PasswordHash.saltSize))
    }

    /// Checks the new password of somebody by the rules.
    ///
    /// - Throws: `invalidArgument` when the rules refuse it.
    func check(new password: Secret<String>, of name: AccountName) throws {
        try PasswordRules.check(password, names: names + [name.text])
    }

    /// Checks the new password of somebody by the rules and hashes it.
    ///
    /// - Throws: `invalidArgument` when the rules refuse it, `resourceExhausted` when the machine is busy.
    func hash(new password: Secret<String>, of name: AccountName) async throws -> PasswordHash {
        try check(new: password, of: name)
        return try await rehash(password)
    }

    /// Hashes a password that was accepted before.
    func rehash(_ password: Secret<String>) async throws -> PasswordHash {
        let (cost, salt) = (cost, randomness.bytes(PasswordHash.saltSize))
        return try await queue.run(.known) { try PasswordHash(of: password, cost: cost, salt: salt) }
    }

    /// Whether a stored hash is of this password; `false` without a stored one, after the same work.
    ///
    /// - Throws: `resourceExhausted` when the machine is busy.
    func verify(
        _ password: Secret<String>, against stored: PasswordHash?, _ precedence: PasswordQueue.Precedence
    ) async throws -> Bool {
        guard PasswordRules.isPossible(password) else { return false }
        let hash = stored ?? stranger
        let matches = try await queue.run(precedence) { try hash.matches(password) }
        return matches && stored != nil
    }
}
