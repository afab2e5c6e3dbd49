import GuardianCore
import GuardianIdentity

/// What the routes of cameras show. Edge and node implement it with their own cameras; a camera that the caller does not see
/// does not exist.
public struct CameraReading: Sendable {
    /// Returns the cameras that a caller sees, in their order on the pages.
    public var list: @Sendable (Caller) async throws -> [CameraView]
    /// - Throws: `not_found`.
    public var camera: @Sendable (CameraAlias, Caller) async throws -> CameraView
    /// Returns a JPEG of what a camera shows now.
    ///
    /// - Throws: `not_found`, `unavailable` when the camera sends no video.
    public var picture: @Sendable (CameraAlias, Caller) async throws -> [UInt8]
    /// - Throws: `not_found`.
    public var live: @Sendable (CameraAlias, Caller) throws -> LiveCamera

    public init(
        list: @escaping @Sendable (Caller) async throws -> [CameraView],
        camera: @escaping @Sendable (CameraAlias, Caller) async throws -> CameraView,
        picture: @escaping @Sendable (CameraAlias, Caller) async throws -> [UInt8],
        live: @escaping @Sendable (CameraAlias, Caller) throws -> LiveCamera
    ) {
        self.list = list
        self.camera = camera
        self.picture = picture
        self.live = live
    }

    /// That there is no such camera, or none that the caller sees.
    public static func missing(_ alias: CameraAlias) -> GuardianError {
        GuardianError(.notFound, "There is no camera \(alias). GET /api/v1/cameras lists them.")
    }
}
