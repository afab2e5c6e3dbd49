import GuardianCore

/// The location of an object: its bucket and its name there.
public struct ObjectKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public let bucket: BucketName
    public let name: ObjectName

    public init(bucket: BucketName, name: ObjectName) {
        self.bucket = bucket
        self.name = name
    }

    /// `bucket/name`.
    public var description: String { "\(bucket)/\(name)" }
}
