import GuardianCore

extension Throttle {
    /// Ends an attempt of somebody who is logged in: a wrong password or code (`wrongProof`) stays counted and is recorded,
    /// because a stolen session would guess in this way; anything else does not count.
    ///
    /// - Throws: always `error`.
    func conclude(
        _ attempt: Attempt, failedWith error: any Error, by caller: Caller, _ identity: IdentityStore
    ) async throws -> Never {
        guard (error as? GuardianError)?.isWrongProof == true else {
            abandon(attempt)
            throw error
        }
        try? await identity.write {
            try identity.record(
                .proofFailed, of: caller.principal.account, by: caller, about: caller.principal.account?.description,
                in: $0)
        }
        throw error
    }
}
