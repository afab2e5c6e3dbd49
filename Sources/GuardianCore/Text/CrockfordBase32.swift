/// Crockford's base 32 (https://www.crockford.com/base32.html): digits and letters without I, L, O and U, read in
/// either case, O as 0 and I and L as 1.
public enum CrockfordBase32 {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Encodes big endian, five bits per digit; spare bits of the last digit are zero.
    public static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[Int(buffer >> UInt32(bits)) & 31])
            }
        }
        if bits > 0 { text.append(digits[Int(buffer << UInt32(5 - bits)) & 31]) }
        return text
    }

    /// Returns the five bits of a digit; `nil` for any other character.
    public static func value(of character: UInt8) -> UInt8? {
        let upper = (0x61...0x7A).contains(character) ? character - 0x20 : character
        switch upper {
        case 0x4F: return 0
        case 0x49, 0x4C: return 1
        default: return digits.firstIndex(of: upper).map { UInt8($0) }
        }
    }
}
