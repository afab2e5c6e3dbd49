import GuardianCore

/// What recording did that the journal must know, in order.
public enum ClipOutcome: Sendable, Hashable {
    /// Its file is there and grows.
    case opened(Clip)
    /// Its file is whole, on the disk and hashed.
    case closed(Clip)
}
