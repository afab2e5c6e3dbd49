import Crypto
import Foundation
import GuardianCore

// The recovery code: the secret and the first three bytes of its SHA-256, 35 bytes or 280 bits, as 56 digits of
// Crockford's base 32 in 14 groups of four. The checksum detects all but one in 16,777,216 mistyped codes.

extension OwnerSecret {
    private static let checkSize = 3
    private static let digitCount = 56

    /// The code to write down: `T8PA-SWR0-…`, 14 groups of 4 digits.
    public var recoveryCode: Secret<String> {
        var bytes: [UInt8] = []
        // Full capacity at once: an array that grows leaves its old memory behind, unwiped.
        bytes.reserveCapacity(Self.size + Self.checkSize)
        withBytes { bytes.append(contentsOf: $0) }
        defer { bytes.wipe() }
        bytes += SHA256.hash(data: bytes).prefix(Self.checkSize)
        var digits = CrockfordBase32.encode(bytes)
        defer { digits.wipe() }
        var text: [UInt8] = []
        text.reserveCapacity(Self.digitCount + 13)
        for (index, digit) in digits.enumerated() {
            if index > 0, index % 4 == 0 { text.append(0x2D) }
            text.append(digit)
        }
        defer { text.wipe() }
        return Secret(String(decoding: text, as: UTF8.self))
    }

    /// Parses a code as people type it: ignores case, hyphens and white space, reads O as 0, I and L as 1.
    ///
    /// - Throws: `invalidArgument` when the code is mistyped and so belongs to no owner. That a correct code belongs to
    ///   another owner shows only when a clip is opened.
    public init(recoveryCode text: some StringProtocol) throws {
        var digits: [UInt8] = []
        digits.reserveCapacity(Self.digitCount)
        defer { digits.wipe() }
        for scalar in text.unicodeScalars where !Self.isIgnored(scalar) {
            guard scalar.isASCII, let value = CrockfordBase32.value(of: UInt8(scalar.value)) else {
                throw Self.mistyped("character \(digits.count + 1) is not a digit or letter of a recovery code")
            }
            guard digits.count < Self.digitCount else {
                throw Self.mistyped("it has more than \(Self.digitCount) characters")
            }
            digits.append(value)
        }
        guard digits.count == Self.digitCount else {
            throw Self.mistyped("it has \(digits.count) characters instead of \(Self.digitCount)")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(OwnerSecret.size + Self.checkSize)
        defer { bytes.wipe() }
        var buffer: UInt32 = 0
        var bits = 0
        for digit in digits {
            buffer = buffer << 5 | UInt32(digit)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard SHA256.hash(data: bytes.prefix(OwnerSecret.size)).starts(with: bytes.suffix(Self.checkSize)),
            let secret = OwnerSecret(bytes: bytes.prefix(OwnerSecret.size))
        else { throw Self.mistyped("its check digits do not match") }
        self = secret
    }

    /// Returns whether it is white space, a hyphen, or a dash that word processors replace hyphens with.
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "-" || ("\u{2010}"..."\u{2015}").contains(scalar)
    }

    private static func mistyped(_ why: String) -> GuardianError {
        GuardianError(
            .invalidArgument,
            "The recovery code is mistyped: \(why). Compare it with the paper, group by group.")
    }
}
