import GuardianCore

/// A change of a clip that the journal must record.
public enum ClipOutcome: Sendable, Hashable {
    /// The clip's file exists and grows.
    case opened(Clip)
    /// The clip's file is complete, synced to disk and hashed.
    case closed(Clip)
}
