import GuardianCore
import GuardianJournal

extension EdgeVerification {
    /// Returns the journal's entry about a clip in the archive; `nil` when there is none, or another device signed it.
    public static func sealed(_ clip: ClipID, state: String) throws -> SealedEvidence? {
        let key = try deviceKey(state: state)
        return try SealedEvidence.find(clip, in: "\(state)/edge.sqlite").flatMap { $0.deviceKey == key ? $0 : nil }
    }

    /// Returns the snapshots that the journal names for an event; `nil` when there are none, or another device signed them.
    public static func pictures(of event: EventID, state: String) throws -> PictureEvidence? {
        let key = try deviceKey(state: state)
        return try PictureEvidence.find(event, in: "\(state)/edge.sqlite").flatMap { $0.deviceKey == key ? $0 : nil }
    }
}
