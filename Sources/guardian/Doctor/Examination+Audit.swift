import Foundation
import GuardianCore
import GuardianIdentity
import GuardianJournal

extension Examination {
    /// Verifies the audit log: its chain, and at a recorder its signatures. A node has no key to sign with. There may be no log yet.
    func audit() -> [Finding] {
        let path = IdentityFiles(folder: state).database
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        do {
            // What SQLite writes beside the file while it is read must stay the server's own.
            try StateOwner.become(of: state)
            let isSigned = try signatureCheck()
            let verification = try AuditLog.verification(ofFile: path, signature: isSigned)
            return verification.faults.map { Self.finding($0, path) }
        } catch {
            return [
                Finding(
                    what: GuardianError.wrap(error, "The audit log cannot be read.").message, where: path,
                    severity: .error, remedy: "Check the disk, and restore the file from a backup.")
            ]
        }
    }

    private func signatureCheck() throws -> (@Sendable ([UInt8], [UInt8]) -> Bool)? {
        guard case .edge = self else { return nil }
        let key = try deviceKey()
        return { signed, signature in key.verifies(signature, ofSeparated: signed) }
    }

    private static func finding(_ fault: AuditVerification.Fault, _ path: String) -> Finding {
        let what =
            switch fault {
            case .changed(let entry): "Entry \(entry) of the audit log was changed."
            case .missing(let entries):
                "Entries \(entries.lowerBound) to \(entries.upperBound) of the audit log are missing."
            case .unlinked(let entry): "Entry \(entry) of the audit log does not follow the one before it."
            case .beginning(let entry):
                "The audit log begins with entry \(entry), and nothing says who removed what was before."
            case .signature(let entry): "Entry \(entry) of the audit log is not signed by this recorder."
            }
        if case .signature = fault {
            return Finding(
                what: what, where: path, severity: .warning,
                remedy: "Versions before 28 November 2026 did not sign what commands did, and a device key that was "
                    + "replaced signed what was before. If it is neither, somebody else wrote to this file: find out "
                    + "who can.")
        }
        return Finding(
            what: what, where: path, severity: .error,
            remedy: "Somebody else wrote to this file: find out who can, change the owners' passwords, and compare it "
                + "with a backup.")
    }
}
