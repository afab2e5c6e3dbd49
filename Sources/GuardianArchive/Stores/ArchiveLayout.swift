import GuardianCore

/// Which buckets hold the archive.
public enum ArchiveLayout: Hashable, Sendable {
    /// One bucket for all objects. `below` is a prefix of every name, such as a tenant's; `ObjectName(escaping:)` makes
    /// one from any text.
    case oneBucket(BucketName, below: ObjectName? = nil)
    /// One bucket per camera: `camera-{id}`.
    case bucketPerCamera

    /// Returns the key of a camera's object.
    public func key(of object: ArchiveObject, camera: CameraID) -> ObjectKey {
        switch self {
        case .oneBucket(let bucket, let folder):
            let name = folder.map { ObjectName(plain: "\($0)/\(object.name)") } ?? object.name
            return ObjectKey(bucket: bucket, name: name)
        case .bucketPerCamera:
            return ObjectKey(bucket: BucketName(camera: camera), name: object.name)
        }
    }

    /// The key of the object that identifies a bucket as the one that a node's table describes. It is below none of
    /// `prefixes`.
    public func marker(in bucket: BucketName) -> ObjectKey {
        let plain = ObjectName(plain: ".guardian/place")
        guard case .oneBucket(_, let folder?) = self else { return ObjectKey(bucket: bucket, name: plain) }
        return ObjectKey(bucket: bucket, name: ObjectName(plain: "\(folder)/\(plain)"))
    }

    /// The prefixes of our objects' names. The bucket may hold other objects too.
    public var prefixes: [String] {
        guard case .oneBucket(_, let folder?) = self else { return ["clips/", "events/"] }
        return ["\(folder)/clips/", "\(folder)/events/"]
    }

    /// Returns the archive object with this name; `nil` when it is not one of ours.
    public func object(named name: String) -> ArchiveObject? {
        guard case .oneBucket(_, let folder?) = self else { return ArchiveObject(name: name) }
        let start = "\(folder)/"
        guard name.utf8.starts(with: start.utf8) else { return nil }
        return ArchiveObject(name: String(decoding: name.utf8.dropFirst(start.utf8.count), as: UTF8.self))
    }
}

extension ObjectName {
    /// Encodes any text as one component of a name: `a–z`, `0–9` and `-` stay, every other byte becomes `_` and two
    /// hexadecimal digits. Different texts never give the same name. `nil` when the text is empty or too long (85 bytes
    /// always fit).
    public init?(escaping text: String) {
        let digits = Array("0123456789abcdef".utf8)
        let escaped = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2D: [byte]
            default: [0x5F, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        guard !escaped.isEmpty, escaped.count <= 255 else { return nil }
        self.init(plain: String(decoding: escaped, as: UTF8.self))
    }
}
