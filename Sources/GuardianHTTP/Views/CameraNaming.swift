import GuardianCore

/// A view that tells a camera by its id, and by its alias where that is known.
public protocol CameraNaming {
    var camera: String? { get set }
    var cameraId: CameraID { get }
}

extension CameraNaming {
    /// The same with the camera's alias.
    public func named(by cameras: CameraNames) -> Self {
        var view = self
        view.camera = cameras.alias(of: cameraId)?.text
        return view
    }
}
