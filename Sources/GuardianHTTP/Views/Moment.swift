import GuardianCore

/// A time in the API's format: RFC 3339 in UTC with milliseconds.
public struct Moment: Codable, Hashable, Sendable {
    public var time: Timestamp

    public init(_ time: Timestamp) { self.time = time }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time as in RFC 3339")
        }
        self.time = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(time.rfc3339)
    }
}

extension Timestamp {
    public var moment: Moment { Moment(self) }
}
