import Crypto
import Foundation
import GuardianCore

/// An owner's secret, encrypted with a passphrase, as one line of text:
///
///     guardian-locked-secret:argon2id-xchacha20poly1305:3:268435456:SALT:NONCE:BOX:CHECK
///
/// The fields are passes and bytes of memory of Argon2id (version 1.3, one lane, 32 bytes out), its 16-byte salt, the
/// 24-byte nonce and 48-byte box of XChaCha20-Poly1305 (the text up to the salt is its associated data), and the first
/// 8 bytes of the SHA-256 of the text before. The last field tells a damaged line from a wrong passphrase; anyone can
/// compute it, so it proves nothing. Bytes are base64url.
public struct LockedSecret: Hashable, Sendable {
    /// The beginning of every such line, of this scheme or a later one.
    static let prefix = "guardian-locked-secret:"
    private static let scheme = "guardian-locked-secret:argon2id-xchacha20poly1305"

    private let cost: PassphraseCost
    private let salt: [UInt8]
    private let nonce: [UInt8]
    private let box: [UInt8]

    /// Encrypts a secret. Takes about a second and 256 MiB, so that guessing passphrases is as expensive.
    ///
    /// - Throws: `invalidArgument` when the passphrase is empty, `resourceExhausted` when there is not enough memory.
    public init(_ secret: OwnerSecret, passphrase: Secret<String>) throws {
        try self.init(
            secret, passphrase: passphrase, passes: PassphraseCost.moderate.passes,
            memory: PassphraseCost.moderate.memory)
    }

    package init(_ secret: OwnerSecret, passphrase: Secret<String>, passes: Int, memory: Int) throws {
        var random = SystemRandomNumberGenerator()
        cost = PassphraseCost(passes: passes, memory: memory)
        salt = (0..<PassphraseKey.saltSize).map { _ in UInt8.random(in: 0...255, using: &random) }
        nonce = (0..<PassphraseKey.nonceSize).map { _ in UInt8.random(in: 0...255, using: &random) }
        let key = try PassphraseKey(passphrase, salt: salt, cost: cost)
        let context = Array(Self.context(cost, salt).utf8)
        let nonce = nonce
        box = try secret.withBytes { try key.seal($0, nonce: nonce, authenticating: context) }
    }

    /// Parses the line; white space around it is ignored.
    ///
    /// - Throws: `invalidArgument` when it is not a locked secret, `dataLoss` when it is damaged.
    public init(text: String) throws {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix(Self.scheme + ":") else {
            throw GuardianError(
                .invalidArgument, "The text is not a locked secret; make one with `guardian keys lock`.")
        }
        let fields = text.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).map { Array($0.utf8) }
        guard fields.count == 6, let passes = Int(String(decoding: fields[0], as: UTF8.self)),
            let memory = Int(String(decoding: fields[1], as: UTF8.self)), let salt = Base64URL.decode(fields[2]),
            let nonce = Base64URL.decode(fields[3]), let box = Base64URL.decode(fields[4]),
            salt.count == PassphraseKey.saltSize, nonce.count == PassphraseKey.nonceSize,
            box.count == OwnerSecret.size + PassphraseKey.tagSize
        else { throw Self.damaged }
        cost = PassphraseCost(passes: passes, memory: memory)
        self.salt = salt
        self.nonce = nonce
        self.box = box
        guard cost.isWithinLimits, self.text == text else { throw Self.damaged }
    }

    public var text: String {
        let text = "\(Self.context(cost, salt)):\(Base64URL.encode(nonce)):\(Base64URL.encode(box))"
        return "\(text):\(Base64URL.encode(Array(SHA256.hash(data: Data(text.utf8)).prefix(8))))"
    }

    /// Decrypts the secret, which takes as long as locking it.
    ///
    /// - Throws: `permissionDenied` when the passphrase is wrong, `invalidArgument` when it is empty,
    ///   `resourceExhausted` when there is not enough memory.
    public func unlock(_ passphrase: Secret<String>) throws -> OwnerSecret {
        let key = try PassphraseKey(passphrase, salt: salt, cost: cost)
        guard var bytes = key.open(box, nonce: nonce, authenticating: Array(Self.context(cost, salt).utf8)) else {
            throw GuardianError(.permissionDenied, "The passphrase is wrong; the file itself is not damaged.")
        }
        defer { bytes.wipe() }
        guard let secret = OwnerSecret(bytes: bytes) else { throw Self.damaged }
        return secret
    }

    private static func context(_ cost: PassphraseCost, _ salt: [UInt8]) -> String {
        "\(scheme):\(cost.passes):\(cost.memory):\(Base64URL.encode(salt))"
    }

    private static var damaged: GuardianError {
        GuardianError(.dataLoss, "The locked secret is damaged; use its copy, or the recovery code on paper.")
    }
}
