/// Percent encoding as Signature Version 4 requires it: letters, digits, `-`, `.`, `_` and `~` stay, every other byte
/// of the UTF-8 becomes `%` and two digits in capitals (AWS, "Create a signed AWS API request", URI encoding).
enum URIEncoding {
    /// - Parameter slash: whether `/` stays, as it does in an object's name.
    static func encode(_ text: String, keepingSlash slash: Bool = false) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: text.utf8.flatMap { byte -> [UInt8] in
                switch byte {
                case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: [byte]
                case 0x2F where slash: [byte]
                default: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }, as: UTF8.self)
    }

    /// Decodes a text in a list of objects (`encoding-type=url`), where a plus is a space; `nil` when it is not of that
    /// form.
    static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2B: bytes.append(0x20)
            case 0x25:
                let digits = rest.prefix(2)
                guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                    digits.first != 0x2B, digits.first != 0x2D
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
