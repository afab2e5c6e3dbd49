import GuardianCore

extension Principal {
    /// The session that asks for a change of how its person logs in.
    ///
    /// - Throws: `permissionDenied` for a token.
    func requireSession() throws -> SessionID {
        guard let session else {
            throw GuardianError(
                .permissionDenied, "A token cannot change how its person logs in; log in to change it.")
        }
        return session
    }
}
