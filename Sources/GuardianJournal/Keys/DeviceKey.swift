import Crypto
import Foundation
import GuardianCore
import GuardianStorage

/// The device's Ed25519 key: signs the journal, opens nothing.
public struct DeviceKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    public let publicKey: DevicePublicKey

    /// A new key in memory.
    public init() { self.init(Curve25519.Signing.PrivateKey()) }

    private init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        publicKey = DevicePublicKey(key.publicKey)
    }

    /// Reads the key from a file (base64 of its 32 bytes, a line), or makes one there with mode 0600 when there is none.
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
                .dataLoss, "\(path) holds no device key; put its backup back, or move it away to begin a new identity.")
        }
        return DeviceKey(key)
    }

    /// The signature of the bytes under a domain that no other use of the key shares.
    func signature(of bytes: [UInt8], domain: SignatureDomain) throws -> [UInt8] {
        do { return Array(try key.signature(for: domain.prefix + bytes)) } catch {
            throw GuardianError(.internal, "The device key could not sign.", cause: error)
        }
    }

    /// The signature of bytes that carry a domain of their own already: a text that ends with a zero byte, which no entry
    /// of the journal begins with. For what is defined beside the journal, as sealed clips are.
    public func signature(ofSeparated bytes: [UInt8]) throws -> [UInt8] {
        guard !bytes.starts(with: SignatureDomain.journal.prefix), bytes.contains(0) else {
            throw GuardianError(.internal, "Bytes without a domain of their own were to be signed.")
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
        // A link, unlike a rename, never takes the place of a key that another process made meanwhile.
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

/// The public half of a device key: by it a device is known.
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

    /// SHA-256 of the key's bytes: stands in the device's certificate.
    public var fingerprint: Hash256 { .sha256(of: bytes) }

    /// Unpadded base64url, as APIs show it.
    public var text: String { Base64URL.encode(bytes) }

    func verifies(_ signature: [UInt8], of bytes: [UInt8], domain: SignatureDomain) -> Bool {
        key.isValidSignature(signature, for: domain.prefix + bytes)
    }
}

extension DevicePublicKey: Hashable {
    public static func == (left: DevicePublicKey, right: DevicePublicKey) -> Bool { left.bytes == right.bytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// What a signature speaks about: a text and a zero byte before the signed bytes.
struct SignatureDomain: Sendable {
    let prefix: [UInt8]

    static let journal = SignatureDomain(prefix: Array("guardian/journal/v1\0".utf8))
}

extension Hash256 {
    /// SHA-256 of the bytes.
    public static func sha256(of bytes: [UInt8]) -> Hash256 { Hash256(digest: SHA256.hash(data: bytes)) }
}
