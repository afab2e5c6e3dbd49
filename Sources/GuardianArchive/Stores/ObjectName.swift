/// An object's name within its bucket: 1 to 1,024 bytes of UTF-8 (Amazon S3, "Naming Amazon S3 objects"), of components
/// separated by slashes. No component is empty, `.` or `..`, and there are no control characters: other stores refuse
/// such names, and proxies may change them.
///
/// Names are compared by their bytes. Swift's strings would treat `é` and `e` with a combining accent as equal.
public struct ObjectName: Sendable, Codable, CustomStringConvertible {
    public let text: String

    /// `nil` when the text is not of that form.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...1_024).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            bytes.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy({
                !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
            })
        else { return nil }
        self.text = text
    }

    /// For names that consist of ids and fixed words, and so are valid.
    init(plain text: String) { self.text = text }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = ObjectName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an object's name")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
}

extension ObjectName: Hashable, Comparable {
    public static func == (left: ObjectName, right: ObjectName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// Compares the bytes, which is the order in which every store lists.
    public static func < (left: ObjectName, right: ObjectName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
