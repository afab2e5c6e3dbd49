import GuardianCore
import GuardianJournal

/// What became of an entry that an edge sent.
public enum Verdict: Hashable, Sendable {
    /// It is on the disk, now or since earlier.
    case stored
    /// It will never be taken, for this reason.
    case refused(RejectionReport.Kind, String)

    public var isStored: Bool { self == .stored }
}

/// An entry after everything that can be checked without the database.
struct CheckedEntry: Sendable {
    let entry: JournalEntry
    let outcome: Result<JournalContent, Rejection>

    struct Rejection: Error {
        let kind: RejectionReport.Kind
        let reason: String
    }

    init(_ entry: JournalEntry, key: DevicePublicKey) {
        self.entry = entry
        outcome = Result { () throws(Rejection) in try Self.check(entry, key: key) }
    }

    private static func check(_ entry: JournalEntry, key: DevicePublicKey) throws(Rejection) -> JournalContent {
        guard entry.isSigned(by: key) else {
            throw Rejection(kind: .signature, reason: "The device did not sign this entry.")
        }
        let content: JournalContent
        do { content = try entry.content() } catch {
            let reason = (error as? GuardianError)?.message ?? "The payload cannot be read."
            throw Rejection(kind: .malformed, reason: reason)
        }
        guard content.chain == entry.chain, content.sequence == entry.sequence else {
            throw Rejection(
                kind: .mismatch,
                reason: "The payload is entry \(content.sequence) of chain \(content.chain), but came as another.")
        }
        return content
    }
}
