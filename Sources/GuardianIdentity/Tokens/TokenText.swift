import Foundation
import GuardianCore

/// The text of a token: `gdn_`, 43 digits of Base62 with 256 random bits, and six of a checksum, so that scanners of
/// repositories and logs recognise a token, and a mistyped one is told without the database.
package enum TokenText {
    static let prefix = "gdn_"
    private static let secretDigits = 43
    private static let checksumDigits = 6

    package static func make(_ randomness: Randomness) -> Secret<String> {
        let secret = Base62.encode(randomness.bytes(OpaqueSecret.size), digits: secretDigits)
        return Secret(prefix + secret + checksum(of: secret))
    }

    /// Whether a text has the form and the checksum of a token.
    package static func isWellFormed(_ text: Secret<String>) -> Bool {
        let text = text.reveal()
        guard text.utf8.count == prefix.utf8.count + secretDigits + checksumDigits, text.hasPrefix(prefix) else {
            return false
        }
        let digits = text.utf8.dropFirst(prefix.utf8.count)
        guard digits.allSatisfy(Base62.isDigit) else { return false }
        let secret = String(decoding: digits.prefix(secretDigits), as: UTF8.self)
        return checksum(of: secret) == String(decoding: digits.suffix(checksumDigits), as: UTF8.self)
    }

    private static func checksum(of secret: String) -> String {
        let sum = crc32(Array(secret.utf8))
        return Base62.encode(withUnsafeBytes(of: sum.bigEndian) { Array($0) }, digits: checksumDigits)
    }

    /// CRC-32 of IEEE 802.3, as zlib computes it.
    package static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
