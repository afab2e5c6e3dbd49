import GuardianCore
import GuardianJournal

extension NodeVerification {
    /// Returns what the node's journals say of a clip in its archive; `nil` when they say nothing.
    public static func sealed(_ clip: ClipID, state: String) throws -> SealedEvidence? {
        try SealedEvidence.find(clip, in: Tenants.file(in: NodeFolders(state: state).tenants))
    }

    /// Returns the snapshots that the node's journals name for an event; `nil` when they name none.
    public static func pictures(of event: EventID, state: String) throws -> PictureEvidence? {
        try PictureEvidence.find(event, in: Tenants.file(in: NodeFolders(state: state).tenants))
    }
}
