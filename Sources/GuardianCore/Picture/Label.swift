/// A model's name for a class of objects: `person`, `car`, …; 1 to 40 of `a–z`, `0–9`, `_`, `-` and space.
public struct Label: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let text: String

    /// `nil` when the text is not of that form.
    public init?(_ text: String) {
        guard (1...40).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x20, 0x2D, 0x5F].contains($0)
            })
        else { return nil }
        self.text = text
    }

    private init(known: String) { text = known }

    public static let person = Label(known: "person")

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Label(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a label")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
    public static func < (left: Label, right: Label) -> Bool { left.text < right.text }
}
