import Crypto
import Foundation
import GuardianCore

/// Codes of an authenticator app: TOTP (RFC 6238) with what all apps support, SHA-1, 30 seconds and six digits.
package struct TimeCode: Sendable {
    /// Bytes of a key: RFC 4226, 4 recommends 160 bits.
    package static let keySize = 20
    /// Seconds.
    static let step: Int64 = 30

    package let key: [UInt8]

    package init(key: [UInt8]) { self.key = key }

    /// The time step of a moment.
    package static func step(at time: Timestamp) -> Int64 { max(0, time.milliseconds / 1000 / step) }

    /// The code of a time step (RFC 4226, 5.3).
    package func code(step: Int64, digits: Int = 6) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        // nosemgrep: swift-weak-hash -- RFC 4226 and 6238 demand SHA-1; in HMAC it is not broken
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: key))
        let bytes = Array(code)
        let offset = Int((bytes.last ?? 0) & 0x0F)
        let number = bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let divisor = (0..<digits).reduce(UInt32(1)) { value, _ in value * 10 }
        let text = String(number % divisor)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// Returns the step of which this is the code, if that is the current one or a neighbour, for clocks that differ, and later
    /// than `last`, so that a code that was watched cannot be used again.
    package func step(of code: String, at time: Timestamp, after last: Int64) -> Int64? {
        let now = Self.step(at: time)
        // Every step is compared, whichever it is, and each comparison reads all digits.
        return (now - 1...now + 1).filter { $0 > last && $0 >= 0 && Self.areEqual(self.code(step: $0), code) }.first
    }

    /// `otpauth://totp/Guardian:Ada?secret=…&issuer=Guardian`, as apps read it from a QR code
    /// (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
    package func link(issuer: String, account: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        let issuer = issuer.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let account = account.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        return "otpauth://totp/\(issuer):\(account)?secret=\(Base32.encode(key))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=6&period=\(Self.step)"
    }

    private static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
