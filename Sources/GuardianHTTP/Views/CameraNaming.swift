import GuardianCore

/// A view that has a camera's id, and its alias when that is known.
public protocol CameraNaming {
    var camera: String? { get set }
    var cameraId: CameraID { get }
}

extension CameraNaming {
    /// Returns a copy with the camera's alias.
    public func named(by cameras: CameraNames) -> Self {
        var view = self
        view.camera = cameras.alias(of: cameraId)?.text
        return view
    }
}
