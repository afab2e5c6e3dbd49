import GuardianCore

/// Asks whoever is logged in for their password again, before what a stolen session must not do.
struct PasswordProof: Sendable {
    let identity: IdentityStore
    let hashing: PasswordHashing
    let throttle: Throttle

    /// An account without a password has nothing to prove: its session is of a link.
    ///
    /// - Parameter field: the member of the request that has the password.
    /// - Throws: `permissionDenied` when it is wrong, `resourceExhausted` after too many wrong ones.
    func require(_ password: Secret<String>, of account: Account, field: String, by caller: Caller) async throws {
        guard account.hasPassword else { return }
        let stored = try await identity.read { try AccountRows.password(of: account.id, in: $0) }
        // Somebody with a stolen session must not guess here what login would not let them guess.
        let attempt = try throttle.admit(name: account.name.key, from: caller.origin, isKnown: true)
        do {
            guard try await hashing.verify(password, against: stored, .known) else {
                throw GuardianError.wrongProof("The password is wrong.", field: field)
            }
            throttle.succeed(attempt)
        } catch {
            try await throttle.conclude(attempt, failedWith: error, by: caller, identity)
        }
    }
}

extension GuardianError {
    private static let proof = "proof"

    /// What somebody who is logged in gave to prove who they are is wrong.
    ///
    /// - Parameter field: the member of the request that has it.
    static func wrongProof(_ message: String, field: String) -> GuardianError {
        GuardianError(.permissionDenied, message, context: ["field": field, proof: "wrong"])
    }

    /// Whether the audit log has this refusal already, as a wrong proof.
    package var isWrongProof: Bool { context[Self.proof] != nil }
}
