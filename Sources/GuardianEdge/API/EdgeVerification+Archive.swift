import GuardianCore
import GuardianJournal

extension EdgeVerification {
    /// What this edge's journal says of a clip in the archive; `nil` when it says nothing, or another device said it.
    public static func sealed(_ clip: ClipID, state: String) throws -> SealedEvidence? {
        let key = try deviceKey(state: state)
        return try SealedEvidence.find(clip, in: "\(state)/edge.sqlite").flatMap { $0.deviceKey == key ? $0 : nil }
    }

    /// The pictures that this edge's journal names for an event; `nil` when it names none, or another device did.
    public static func pictures(of event: EventID, state: String) throws -> PictureEvidence? {
        let key = try deviceKey(state: state)
        return try PictureEvidence.find(event, in: "\(state)/edge.sqlite").flatMap { $0.deviceKey == key ? $0 : nil }
    }
}
