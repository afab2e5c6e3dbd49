/// What an owner set at run time.
struct StoredSettings: Sendable, Hashable {
    var recording = RecordingForm()
    var recipients: [NamedRecipient] = []
    var archive = ArchiveForm()
    /// The node that may fetch recordings, `HOST:PORT`: another one has to be allowed anew.
    var relay: String?
}
