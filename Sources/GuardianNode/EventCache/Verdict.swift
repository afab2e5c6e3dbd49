import GuardianCore
import GuardianJournal

/// The result for an entry that an edge sent.
public enum Verdict: Hashable, Sendable {
    /// The entry is on the disk, from now on or already before.
    case stored
    /// The entry will never be stored, for this reason.
    case refused(RejectionReport.Kind, String)

    public var isStored: Bool { self == .stored }
}

/// An entry, and the result of all checks that need no database.
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
                reason: "The payload is entry \(content.sequence) of chain \(content.chain), but was sent as another.")
        }
        return content
    }
}
