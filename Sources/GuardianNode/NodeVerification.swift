import Foundation
import GuardianCore
import GuardianJournal

/// Checks a node at rest: every tenant's journal.
public enum NodeVerification {
    /// - Throws: `GuardianError` `.notFound` when no node ever ran there.
    public static func run(state: String) throws -> JournalVerification {
        try JournalVerifier(path: try Tenants.file(in: "\(state)/tenants"), place: .node).verify()
    }
}
