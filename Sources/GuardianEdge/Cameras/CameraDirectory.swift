import GuardianCore

/// The cameras of this edge, in the order of the configuration.
public struct CameraDirectory: Sendable {
    public let all: [CameraSession]
    private let byAlias: [CameraAlias: CameraSession]
    private let byID: [CameraID: CameraSession]

    /// If two cameras have the same alias or ID, lookup returns the first.
    public init(_ cameras: [CameraSession]) {
        all = cameras
        byAlias = Dictionary(cameras.map { ($0.identity.alias, $0) }, uniquingKeysWith: { first, _ in first })
        byID = Dictionary(cameras.map { ($0.identity.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(alias: CameraAlias) -> CameraSession? { byAlias[alias] }
    public subscript(id: CameraID) -> CameraSession? { byID[id] }
}
