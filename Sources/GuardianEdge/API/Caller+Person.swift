import GuardianCore
import GuardianHTTP
import GuardianIdentity

extension Caller {
    /// - Throws: `permissionDenied` for a token: who can watch, and where footage goes, is decided by a person, not by a program.
    func requirePerson(to what: String) throws {
        guard case .token = principal.credential else { return }
        throw GuardianError(.permissionDenied, "A token cannot \(what); log in to do it.")
    }
}
