public import GuardianIdentity

/// Who may use a route. Every route declares it.
public enum RouteAccess: Hashable, Sendable {
    /// Everyone, also without an account: what a browser needs to log in, and whether the process runs.
    case everyone
    /// Whoever has the permission.
    case may(Permission)
    /// As `mayForAllCameras`, and every program on this machine, unless it forwards somebody else's request (`Arrival.isLocal`).
    case mayOrLocal(Permission)
    /// Whoever has the permission and sees every camera: what the route answers cannot be divided by camera.
    case mayForAllCameras(Permission)
}
