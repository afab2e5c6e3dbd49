/// The short name of a camera for people and in URLs: 1 to 63 of `a–z`, `0–9`, `-`, `_`, beginning with a letter or
/// digit. It is safe in a path, a query and a file name.
public struct CameraAlias: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let text: String

    /// `nil` when the text is not of that form.
    public init?(_ text: String) {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, first != 0x2D, first != 0x5F,
            text.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
            })
        else { return nil }
        self.text = text
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = CameraAlias(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a camera's id")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
    public static func < (left: CameraAlias, right: CameraAlias) -> Bool { left.text < right.text }
}
