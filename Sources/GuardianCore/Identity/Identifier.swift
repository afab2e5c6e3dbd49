import Foundation

/// A UUID with the kind of thing that it identifies, so that different kinds cannot be mixed up. Written in lower case.
public struct Identifier<Kind>: Hashable, Sendable, Codable, Comparable {
    public let uuid: UUID

    public init(_ uuid: UUID) { self.uuid = uuid }

    /// Parses the 36-character form, in either case; `nil` when it is anything else.
    public init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.init(uuid)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Identifier(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (left: Identifier, right: Identifier) -> Bool { left.description < right.description }
}

extension Identifier: CustomStringConvertible {
    public var description: String { uuid.uuidString.lowercased() }
}

/// The kinds of things that have identifiers.
public enum CameraKind {}
public enum ClipKind {}
public enum EventKind {}
public enum ChainKind {}

/// A camera's permanent identity; its alias and its display name may change.
public typealias CameraID = Identifier<CameraKind>
public typealias ClipID = Identifier<ClipKind>
public typealias EventID = Identifier<EventKind>
/// One journal on one device; a restored journal gets a new one.
public typealias ChainID = Identifier<ChainKind>

extension Identifier {
    /// The time in a UUIDv7 (RFC 9562, 5.7).
    public var time: Timestamp {
        let bytes = uuid.uuid
        let time = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return Timestamp(milliseconds: time)
    }

    /// Returns a new UUIDv7 (RFC 9562, 5.7), which sorts by the time it was made.
    public static func v7(at time: Timestamp) -> Identifier {
        v7(at: time, .random(in: .min ... .max), .random(in: .min ... .max))
    }

    /// Returns a UUIDv7 whose random bits come from `generator`: the same input gives the same identifier.
    public static func v7(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> Identifier {
        let a = generator.next()
        return v7(at: time, a, generator.next())
    }

    /// - Parameters:
    ///   - a: random bits, of which 12 are used.
    ///   - b: random bits, of which 62 are used.
    private static func v7(at time: Timestamp, _ a: UInt64, _ b: UInt64) -> Identifier {
        let milliseconds = UInt64(max(0, time.milliseconds))
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        return Identifier(
            UUID(
                uuid: (
                    byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24), byte(milliseconds, 16),
                    byte(milliseconds, 8), byte(milliseconds, 0),
                    0x70 | (byte(a, 8) & 0x0F), byte(a, 0),
                    0x80 | (byte(b, 56) & 0x3F), byte(b, 48), byte(b, 40), byte(b, 32),
                    byte(b, 24), byte(b, 16), byte(b, 8), byte(b, 0)
                )))
    }
}
