import GuardianCore
import ArgumentParser
import GuardianJournal

/// An Ed25519 public key in the format of the journal and sealed headers: base64url, 43 characters.
struct DeviceKeyText: ExpressibleByArgument {
    let bytes: [UInt8]

    init?(argument: String) {
        guard let bytes = Base64URL.decode(argument.utf8), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }
}
