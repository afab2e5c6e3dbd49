import Foundation
import GuardianArchive

/// The demo's owner: a secret of its own, whose recovery code stands in a file so that what was archived can be opened.
enum DemoOwner {
    /// Writes `owner.code` for the owner and `recipients` for the edge; a folder that has them keeps them.
    static func make(in folder: DemoFolder) throws {
        guard !FileManager.default.fileExists(atPath: folder.file("owner.code")) else { return }
        let secret = OwnerSecret()
        let recipient = try OwnerKeys(secret).xWing
        try folder.write(recipient.text + "\n", to: "recipients")
        try folder.write(secret.recoveryCode.reveal() + "\n", to: "owner.code")
    }
}
