import Crypto
import Foundation
import GuardianCore
import GuardianOperations
import GuardianStorage

/// The device's Ed25519 key: it signs, and it cannot open sealed clips.
public struct DeviceKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    public let publicKey: DevicePublicKey

    /// Creates a new key in memory.
    public init() { self.init(Curve25519.Signing.PrivateKey()) }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        publicKey = DevicePublicKey(key.publicKey)
    }

    /// Reads the key from a file (base64 of its 32 bytes, one line), or creates the file with mode 0600 if it is
    /// missing.
    ///
    /// - Throws: `permissionDenied` when others may read the file, `dataLoss` when it holds no key.
    public static func open(path: String) throws -> DeviceKey {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return try create(path: path) }
        guard descriptor >= 0 else { throw unreadable(path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path) }
        guard status.st_mode & 0o077 == 0 else {
            throw GuardianError(
                .permissionDenied, "Others may read the device key \(path); run `chmod 600` on it, or make a new one.")
        }
        let text = try file.read(upToCount: 100) ?? Data()
        guard let raw = Data(base64Encoded: text, options: .ignoreUnknownCharacters), raw.count == 32,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw)
        else {
            throw GuardianError(
                .dataLoss,
                "\(path) holds no device key; restore its backup, or move the file away to begin a new identity.")
        }
        return DeviceKey(key)
    }

    /// Signs the bytes under a domain that no other use of the key shares.
    func signature(of bytes: [UInt8], domain: SignatureDomain) throws -> [UInt8] {
        do { return Array(try key.signature(for: domain.prefix + bytes)) } catch {
            throw GuardianError(.internal, "The device key could not sign.", cause: error)
        }
    }

    /// Signs bytes that already contain a domain: a text that ends with a zero byte and differs from the journal's
    /// domain. For formats outside the journal, such as sealed clips.
    public func signature(ofSeparated bytes: [UInt8]) throws -> [UInt8] {
        guard !bytes.starts(with: SignatureDomain.journal.prefix), bytes.contains(0) else {
            throw GuardianError(.internal, "The bytes to sign have no domain of their own.")
        }
        do { return Array(try key.signature(for: bytes)) } catch {
            throw GuardianError(.internal, "The device key could not sign.", cause: error)
        }
    }

    private static func create(path: String) throws -> DeviceKey {
        let key = Curve25519.Signing.PrivateKey()
        let temporary = "\(path).\(UUID().uuidString)"
        let descriptor = Foundation.open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unreadable(path) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data((key.rawRepresentation.base64EncodedString() + "\n").utf8))
            try file.synchronize()
        } catch {
            unlink(temporary)
            throw GuardianError(.failedPrecondition, "The device key \(path) could not be written.", cause: error)
        }
        // Unlike a rename, a link never replaces a key that another process has created meanwhile.
        let linked = link(temporary, path) == 0
        let reason = errno
        unlink(temporary)
        if !linked, reason == EEXIST { return try open(path: path) }
        guard linked else { throw unreadable(path) }
        Durability.syncFolder(of: path)
        return DeviceKey(key)
    }

    private static func unreadable(_ path: String) -> GuardianError {
        GuardianError(
            .failedPrecondition,
            "The device key \(path) cannot be opened (\(String(cString: strerror(errno)))); check its folder and owner."
        )
    }
}

/// A device's public key, which identifies the device.
public struct DevicePublicKey: Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]
    private let key: Curve25519.Signing.PublicKey

    init(_ key: Curve25519.Signing.PublicKey) {
        bytes = Array(key.rawRepresentation)
        self.key = key
    }

    /// `nil` unless the bytes are a key.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 32, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return nil
        }
        self.init(key)
    }

    /// SHA-256 of the key's bytes; the device's certificate names it.
    public var fingerprint: Hash256 { .sha256(of: bytes) }

    /// Unpadded base64url, as APIs show it.
    public var text: String { Base64URL.encode(bytes) }

    /// Returns whether `DeviceKey.signature(ofSeparated:)` of this key made the signature over the bytes.
    public func verifies(_ signature: [UInt8], ofSeparated bytes: [UInt8]) -> Bool {
        guard !bytes.starts(with: SignatureDomain.journal.prefix), bytes.contains(0) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }

    /// Returns whether the signature is this key's over the bytes under the domain.
    func verifies(_ signature: [UInt8], of bytes: [UInt8], domain: SignatureDomain) -> Bool {
        key.isValidSignature(signature, for: domain.prefix + bytes)
    }
}

extension DevicePublicKey: Hashable {
    public static func == (left: DevicePublicKey, right: DevicePublicKey) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// Separates the uses of a key: a text and a zero byte before the signed bytes.
struct SignatureDomain: Sendable {
    let prefix: [UInt8]

    static let journal = SignatureDomain(prefix: Array("guardian/journal/v1\0".utf8))
}

extension Hash256 {
    /// SHA-256 of the bytes.
    public static func sha256(of bytes: [UInt8]) -> Hash256 { Hash256(digest: SHA256.hash(data: bytes)) }
}
