import Foundation
import GuardianCore
import GuardianJournal

/// Verifies the journal of a node that is not running.
public enum NodeVerification {
    /// - Throws: `GuardianError` `.notFound` when no node has run there.
    public static func run(state: String) throws -> JournalVerification {
        let path = try Tenants.file(in: NodeFolders(state: state).tenants)
        var verification = try JournalVerifier(path: path, place: .node).verify()
        // A file that cannot be read is a finding already.
        if !verification.isUnreadable { verification.findings += try ChainFindings(path: path).findings() }
        return verification
    }
}
