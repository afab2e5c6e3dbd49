import Foundation
import GuardianArchive

/// The demo's owner: a new secret, with its recovery code in a file so that archived clips can be opened.
enum DemoOwner {
    /// Writes `owner.code` for the owner and `recipients` for the edge, unless the folder has them already.
    static func make(in folder: DemoFolder) throws {
        guard !FileManager.default.fileExists(atPath: folder.file("owner.code")) else { return }
        let secret = OwnerSecret()
        let recipient = try OwnerKeys(secret).xWing
        try folder.write(recipient.text + "\n", to: "recipients")
        try folder.write(secret.recoveryCode.reveal() + "\n", to: "owner.code")
    }
}
