import Crypto
import GuardianCore

/// A one-time code with which an edge gets a certificate: a public prefix, under which the node keeps it; a secret; and the
/// beginning of the SHA-256 of the node's authority, by which the edge knows the node.
///
/// Written `NNNNNNNN-SSSSS…-FFFFF…`: 8, 26 and 26 digits of Crockford's base 32. Case, white space and further hyphens do not matter;
/// O is read as 0, I and L as 1.
public struct EnrolmentCode: Sendable {
    /// Bytes of the secret: more than can be guessed, also by whoever has its hash.
    public static let secretSize = 16
    /// Bytes of the prefix.
    public static let prefixSize = 5

    /// 8 digits, in capitals.
    public let prefix: String
    /// 16 bytes.
    public let secret: Secret<[UInt8]>
    public let authority: AuthorityPin

    /// Makes a new code for a node with this authority.
    public init(authority: Hash256, randomness: Randomness = .system) {
        prefix = CodeDigits.encode(randomness.bytes(Self.prefixSize))
        secret = Secret(randomness.bytes(Self.secretSize))
        self.authority = AuthorityPin(authority)
    }

    /// Parses a code as people type it.
    ///
    /// - Throws: `invalidArgument` when it is mistyped. Only the node knows whether it is the right one.
    public init(_ text: Secret<String>) throws {
        guard let digits = CodeDigits.values(of: text.reveal()), digits.count == Self.digits else {
            throw GuardianError(
                .invalidArgument,
                "A code has \(Self.digits) letters and digits, as `guardian node tenant code` prints it; copy it whole."
            )
        }
        let prefixDigits = Self.prefixSize * 8 / 5
        let sideDigits = (Self.secretSize * 8 + 4) / 5
        guard let prefix = CodeDigits.bytes(of: digits.prefix(prefixDigits)),
            let secret = CodeDigits.bytes(of: digits.dropFirst(prefixDigits).prefix(sideDigits)),
            let pin = CodeDigits.bytes(of: digits.suffix(sideDigits)).flatMap(AuthorityPin.init(bytes:))
        else { throw GuardianError(.invalidArgument, "The code is mistyped; copy it again.") }
        self.prefix = CodeDigits.encode(prefix)
        self.secret = Secret(secret)
        authority = pin
    }

    private static let digits = 8 + 26 + 26

    /// The code as it is printed once.
    public var text: Secret<String> {
        Secret("\(prefix)-\(CodeDigits.encode(secret.reveal()))-\(CodeDigits.encode(authority.bytes))")
    }

    /// The hash under which the node keeps a secret. One fast hash is enough for 128 random bits.
    public static func digest(ofSecret secret: [UInt8]) -> Hash256 {
        Hash256(digest: SHA256.hash(data: Array("guardian/code/v1\0".utf8) + secret))
    }

    /// Returns the prefix in the form under which it is kept; `nil` when it is none.
    public static func canonical(prefix: String) -> String? {
        guard prefix.utf8.count <= 64, let digits = CodeDigits.values(of: prefix), digits.count == prefixSize * 8 / 5,
            let bytes = CodeDigits.bytes(of: digits[...])
        else { return nil }
        return CodeDigits.encode(bytes)
    }
}

/// What an edge knows of the node's authority before it has seen it: the SHA-256 of its certificate (DER), or the first 16 bytes, for
/// which nobody can make a second certificate either.
public struct AuthorityPin: Hashable, Sendable {
    /// 16 or 32.
    public let bytes: [UInt8]

    /// `nil` unless there are 16 or 32 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 || bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// The part of a fingerprint that a code has.
    public init(_ fingerprint: Hash256) { bytes = Array(fingerprint.bytes.prefix(16)) }

    /// Reads a fingerprint as `guardian node authority` prints it; colons and case do not matter.
    public init?(hex: String) {
        guard let fingerprint = Hash256(hex: hex.lowercased().filter { $0 != ":" }) else { return nil }
        bytes = fingerprint.bytes
    }

    /// Whether it is this authority's.
    public func matches(_ fingerprint: Hash256) -> Bool { fingerprint.bytes.starts(with: bytes) }
}

/// The text of a code: Crockford's base 32 with hyphens and white space.
private enum CodeDigits {
    /// Longer texts are no codes.
    private static let limit = 256

    static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: CrockfordBase32.encode(bytes), as: UTF8.self)
    }

    /// The digits' values, without hyphens and white space; `nil` when there is anything else.
    static func values(of text: String) -> [UInt8]? {
        guard text.utf8.count <= limit else { return nil }
        var values: [UInt8] = []
        for byte in text.utf8 where ![0x20, 0x09, 0x0A, 0x0D, 0x2D].contains(byte) {
            guard let value = CrockfordBase32.value(of: byte) else { return nil }
            values.append(value)
        }
        return values
    }

    /// `nil` when spare bits of the last digit are set.
    static func bytes(of values: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (buffer, bits): (UInt32, UInt32) = (0, 0)
        for value in values {
            (buffer, bits) = (buffer << 5 | UInt32(value), bits + 5)
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard buffer & (1 << bits - 1) == 0 else { return nil }
        return bytes
    }
}
