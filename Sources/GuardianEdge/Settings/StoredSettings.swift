/// What an owner set at run time.
struct StoredSettings: Sendable, Hashable {
    var recording = RecordingForm()
    var recipients: [NamedRecipient] = []
    var archive = ArchiveForm()
    /// Whether the node may fetch recordings.
    var relay = false
}
