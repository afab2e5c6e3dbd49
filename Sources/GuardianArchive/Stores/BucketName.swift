import GuardianCore

/// A bucket's name: 3 to 63 of `a–z`, `0–9`, `.`, `-`, beginning and ending with a letter or digit, without two dots in
/// a row and not of the form of an IPv4 address (Amazon S3, "General purpose bucket naming rules"). Such a name is also
/// safe as a folder's name and within a host's name.
public struct BucketName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let text: String

    /// `nil` when the text is not of that form.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
        guard (3...63).contains(bytes.count), let first = bytes.first, let last = bytes.last,
            isLetterOrDigit(first), isLetterOrDigit(last),
            bytes.allSatisfy({ isLetterOrDigit($0) || $0 == 0x2E || $0 == 0x2D }),
            !zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0x2E && $1 == 0x2E }),
            bytes.contains(where: { $0 != 0x2E && !(0x30...0x39).contains($0) })
        else { return nil }
        self.text = text
    }

    /// A camera's own bucket: `camera-{id}`.
    public init(camera: CameraID) { text = "camera-\(camera)" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = BucketName(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a bucket's name")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }
    public static func < (left: BucketName, right: BucketName) -> Bool { left.text < right.text }
}
