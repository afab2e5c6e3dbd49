/// The archiving status of a clip or of one of its parts.
public enum ArchiveStatus: String, Codable, Sendable, Hashable, CaseIterable {
    /// Announced; no bytes have arrived yet.
    case pending
    /// It is being received, or is in the node's spool on its way to the object store.
    case uploading
    /// The object store has all of it.
    case stored
    /// The object store has it up to the point where the recorder stopped sending.
    case interrupted
    /// The object store does not accept it and the node retries, or the store has lost it. `reason` says which.
    case failed
    /// The archive had no room for it.
    case refused
}
