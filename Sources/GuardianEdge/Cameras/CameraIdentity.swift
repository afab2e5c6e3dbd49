import GuardianCore

/// What a camera is called: for good, in URLs, and by people.
public struct CameraIdentity: Sendable, Hashable {
    public var id: CameraID
    public var alias: CameraAlias
    public var name: String

    public init(id: CameraID, alias: CameraAlias, name: String) {
        self.id = id
        self.alias = alias
        self.name = name
    }
}
