import GuardianCore

/// A camera's permanent UUID, its alias for URLs, and its name for people.
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
