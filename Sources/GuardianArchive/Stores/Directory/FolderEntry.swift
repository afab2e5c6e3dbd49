/// Encodes one component of an object's name as the name of a file or folder: letters, digits, `.`, `_` and `-` stay,
/// every other byte becomes `%` and two hexadecimal digits in capitals. Different components never give the same name.
enum FolderEntry {
    static func encode(_ component: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: component.flatMap { isPlain($0) ? [$0] : [0x25, digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// Decodes a name; `nil` when `encode` never returns it, which means that the file is not ours.
    static func decode(_ name: String) -> [UInt8]? {
        var component: [UInt8] = []
        var rest = Array(name.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == 0x25 else {
                guard isPlain(byte) else { return nil }
                component.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
                return nil
            }
            component.append(high << 4 | low)
        }
        return encode(component) == name && !component.isEmpty ? component : nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2E, 0x5F, 0x2D: true
        default: false
        }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        default: nil
        }
    }
}
