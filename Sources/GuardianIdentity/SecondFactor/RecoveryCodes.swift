import Crypto
import Foundation
import GuardianCore

/// Codes on paper for somebody whose phone is lost: ten, each good for one login. Not the archive's recovery code, which
/// opens sealed clips.
package enum RecoveryCodes {
    package static let count = 10
    /// Bytes of randomness in one: 120 bits cannot be guessed from a digest without salt, for which OWASP ASVS 5.0, V6.5.2 demands 112.
    private static let size = 15
    /// Digits of a code: of one that is made now, and of those with 80 bits that were made before and stay good.
    private static let lengths: Set = [size * 8 / 5, 16]

    /// Returns new codes, each six groups of four digits: `7K2M-…`.
    package static func make(_ randomness: Randomness) -> [Secret<String>] {
        (0..<count).map { _ in
            let digits = Array(Base32.encode(randomness.bytes(size)))
            let groups = stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<min($0 + 4, digits.count)]) }
            return Secret(groups.joined(separator: "-"))
        }
    }

    /// The digest under which a code is stored, however it was typed; `nil` for what is no code. 0, 1 and 8 are no digits of
    /// Base32, and read as what they look like.
    package static func digest(_ code: Secret<String>) -> Hash256? {
        let text = code.reveal()
        guard text.utf8.count <= 64 else { return nil }
        let digits = text.uppercased().utf8.filter { $0 != 0x2D && $0 != 0x20 }.map { digit -> UInt8 in
            switch digit {
            case 0x30: 0x4F
            case 0x31: 0x49
            case 0x38: 0x42
            default: digit
            }
        }
        let isCode = digits.allSatisfy { (0x41...0x5A).contains($0) || (0x32...0x37).contains($0) }
        guard lengths.contains(digits.count), isCode else { return nil }
        return Hash256(digest: SHA256.hash(data: digits))
    }
}
