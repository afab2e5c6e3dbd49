import GuardianCore

/// Hashes and verifies passwords at this machine's cost, off the cooperative pool.
final class PasswordHashing: Sendable {
    let cost: PasswordCost
    private let queue: PasswordQueue
    private let randomness: Randomness
    /// What a password is tried against where there is no account, so that both cases are the same work.
    private let stranger: PasswordHash

    /// Blocks the calling thread for as long as one password takes.
    init(cost: PasswordCost, randomness: Randomness, queue: PasswordQueue = PasswordQueue()) throws {
        self.cost = cost
        self.queue = queue
        self.randomness = randomness
        stranger = try PasswordHash(
            of: OpaqueSecret.make(randomness), cost: cost, salt: randomness.bytes(PasswordHash.saltSize))
    }

    /// Checks a new password by the rules and hashes it.
    ///
    /// - Throws: `invalidArgument` when the rules refuse it, `resourceExhausted` when the machine is busy.
    func hash(new password: Secret<String>) async throws -> PasswordHash {
        try PasswordRules.check(password)
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
