import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("Key files")
struct KeyFileTests {
    private let secret = OwnerSecret()

    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).keys").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("hold the secret at full Argon2id cost, are readable by their owner only, and are never overwritten")
    func file() throws {
        try withPath { path in
            let keys = try OwnerKeys(secret)
            let file = KeyFile(
                recipients: [keys.xWing, keys.x25519], secret: try LockedSecret(secret, passphrase: Secret("right")))
            try file.write(to: path)
            let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(permissions == 0o600)
            #expect(try String(contentsOfFile: path, encoding: .utf8).contains(":3:268435456:"))
            let read = try KeyFile.read(path)
            #expect(read == file)
            #expect(try read.unlock(Secret("right")) == secret)
            let taken = #expect(throws: GuardianError.self) { try file.write(to: path) }
            #expect(taken?.code == .alreadyExists)
            let missing = #expect(throws: GuardianError.self) { try KeyFile.read(path + ".none") }
            #expect(missing?.code == .notFound)
        }
    }

    @Test("without a passphrase hold nothing that opens a clip")
    func recipientsOnly() throws {
        let file = KeyFile(recipients: [try OwnerKeys(secret).xWing])
        let read = try KeyFile(text: "\n  # mine\n" + file.text)
        #expect(read == file)
        let error = #expect(throws: GuardianError.self) { try read.unlock(Secret("any")) }
        #expect(error?.code == .failedPrecondition)
        secret.withBytes { bytes in
            #expect(!file.text.contains(Data(bytes).base64EncodedString().prefix(40)))
        }
    }

    @Test("with anything else in them are refused")
    func strange() throws {
        let locked = try LockedSecret(secret, passphrase: Secret("a"), passes: 1, memory: 8192).text
        for text in ["hello", secret.recoveryCode.reveal(), "\(locked)\n\(locked)", String(locked.dropLast())] {
            #expect(throws: GuardianError.self) { try KeyFile(text: text) }
        }
    }
}
