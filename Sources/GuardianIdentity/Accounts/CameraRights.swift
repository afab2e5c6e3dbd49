import GuardianCore

/// Which cameras somebody may see.
public enum CameraRights: Hashable, Sendable {
    /// Every camera, also one that is added later.
    case all
    case only(Set<CameraID>)

    public func contains(_ camera: CameraID) -> Bool {
        switch self {
        case .all: true
        case .only(let cameras): cameras.contains(camera)
        }
    }

    /// Returns the cameras that both allow.
    public func intersection(_ other: CameraRights) -> CameraRights {
        switch (self, other) {
        case (.all, _): other
        case (_, .all): self
        case (.only(let left), .only(let right)): .only(left.intersection(right))
        }
    }

    /// Whether every camera of these rights is in `other`.
    public func isSubset(of other: CameraRights) -> Bool {
        switch (self, other) {
        case (_, .all): true
        case (.all, .only): false
        case (.only(let left), .only(let right)): left.isSubset(of: right)
        }
    }

    /// How many cameras one account or token may name.
    static let limit = 512

    /// - Throws: `invalidArgument` when too many cameras are named.
    func requireWithinLimit() throws {
        if case .only(let cameras) = self, cameras.count > Self.limit {
            throw GuardianError(
                .invalidArgument, "At most \(Self.limit) cameras can be chosen.", context: ["field": "cameras"])
        }
    }
}
