/// What a person is to an installation. `Role.permissions` says what each may do.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    /// May do everything. There is always at least one who is not disabled.
    case owner
    /// Watches, reads events and keeps them, with every camera.
    case member
    /// Watches and reads the events of chosen cameras.
    case viewer
}
