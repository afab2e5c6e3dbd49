import GuardianCore
import GuardianJournal

extension NodeVerification {
    /// What the journals that this node holds say of a clip in its archive; `nil` when they say nothing.
    public static func sealed(_ clip: ClipID, state: String) throws -> SealedEvidence? {
        try SealedEvidence.find(clip, in: Tenants.file(in: "\(state)/tenants"))
    }

    /// The pictures that the journals which this node holds name for an event; `nil` when they name none.
    public static func pictures(of event: EventID, state: String) throws -> PictureEvidence? {
        try PictureEvidence.find(event, in: Tenants.file(in: "\(state)/tenants"))
    }
}
