import GuardianCore
public import GuardianIdentity

extension CameraRights {
    /// The cameras that a filter with this camera may show; `nil` when it may show all.
    ///
    /// - Parameter camera: the one that a request asks for; `nil` when it asks for all.
    public func filter(_ camera: CameraID?) -> Set<CameraID>? {
        switch self {
        case .all: camera.map { [$0] }
        case .only(let seen): camera.map { seen.contains($0) ? [$0] : [] } ?? seen
        }
    }
}

extension CameraNames {
    /// Returns the names for somebody with these rights: a camera that they do not see does not exist.
    public func seen(by rights: CameraRights) -> CameraNames {
        guard case .only(let seen) = rights else { return self }
        return restricted(to: seen)
    }
}
