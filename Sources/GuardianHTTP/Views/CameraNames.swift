import GuardianCore

/// The names of cameras in requests and responses: the alias where it is known, otherwise the UUID. Requests may always
/// use the UUID.
public struct CameraNames: Sendable {
    /// UUIDs and aliases at one moment.
    public struct Table: Sendable, Hashable {
        let aliases: [CameraID: CameraAlias]
        let ids: [CameraAlias: CameraID]

        public init(_ cameras: [CameraID: CameraAlias]) {
            aliases = cameras
            ids = Dictionary(cameras.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private let table: @Sendable () -> Table
    /// The cameras that requests may name; `nil`: all.
    private var seen: Set<CameraID>?

    /// Names that do not change.
    public init(_ cameras: [CameraID: CameraAlias]) {
        let table = Table(cameras)
        self.init { table }
    }

    /// - Parameter table: returns the names now; it is asked at each use, so that cameras may come and go.
    public init(_ table: @escaping @Sendable () -> Table) { self.table = table }

    /// Returns names with which requests may name only these cameras.
    func restricted(to seen: Set<CameraID>) -> CameraNames {
        var names = self
        names.seen = self.seen.map(seen.intersection) ?? seen
        return names
    }

    /// Returns the alias, or `nil` for a camera without an alias here.
    public func alias(of camera: CameraID) -> CameraAlias? { table().aliases[camera] }

    /// Returns the alias, or the UUID of a camera without an alias here.
    public func name(of camera: CameraID) -> String { alias(of: camera)?.text ?? camera.description }

    /// Returns the camera that a request names.
    ///
    /// - Throws: `not_found` when it is neither a known alias nor a UUID, or may not be named.
    public func camera(named alias: CameraAlias) throws -> CameraID {
        if let id = table().ids[alias] ?? CameraID(alias.text), seen?.contains(id) ?? true { return id }
        throw GuardianError(.notFound, "There is no camera \(alias). GET /api/v1/cameras lists them.")
    }
}
