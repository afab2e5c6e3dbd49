import GuardianCore

/// Which buckets hold the archive.
public enum ArchiveLayout: Hashable, Sendable {
    /// One bucket for everything; `below`, when it is given, stands before every name, such as a tenant's
    /// (`ObjectName(escaping:)` makes one out of any text).
    case oneBucket(BucketName, below: ObjectName? = nil)
    /// A bucket a camera: `camera-{id}`.
    case bucketPerCamera

    /// Where an object of a camera is kept.
    public func key(of object: ArchiveObject, camera: CameraID) -> ObjectKey {
        switch self {
        case .oneBucket(let bucket, let folder):
            let name = folder.map { ObjectName(plain: "\($0)/\(object.name)") } ?? object.name
            return ObjectKey(bucket: bucket, name: name)
        case .bucketPerCamera:
            return ObjectKey(bucket: BucketName(camera: camera), name: object.name)
        }
    }

    /// What the names of our objects begin with: others may use the bucket too.
    public var prefixes: [String] {
        guard case .oneBucket(_, let folder?) = self else { return ["clips/", "events/"] }
        return ["\(folder)/clips/", "\(folder)/events/"]
    }

    /// What an object of one of these buckets is; `nil` when it is not one of ours.
    public func object(named name: String) -> ArchiveObject? {
        guard case .oneBucket(_, let folder?) = self else { return ArchiveObject(name: name) }
        let start = "\(folder)/"
        guard name.utf8.starts(with: start.utf8) else { return nil }
        return ArchiveObject(name: String(decoding: name.utf8.dropFirst(start.utf8.count), as: UTF8.self))
    }
}

extension ObjectName {
    /// Any text as one part of a name: `a–z`, `0–9` and `-` stay, every other byte becomes `_` and two digits of
    /// hexadecimal. Two texts never become the same name. `nil` when the text is empty or too long (85 bytes always fit).
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
