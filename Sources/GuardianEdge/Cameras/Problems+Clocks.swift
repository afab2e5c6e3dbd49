import GuardianHTTP

extension Problems {
    /// The cameras whose clocks cannot be used.
    static func ofClocks(_ cameras: [(view: CameraView, session: CameraSession)]) -> [FindingView] {
        cameras.compactMap { view, session in
            let faults = [session.health, session.health(of: .detection)].map(\.timestampFault)
            return faults.contains(.rate) ? ofClock(name: view.name, id: "\(view.id)") : nil
        }
    }

    package static func ofClock(name: String, id: String) -> FindingView {
        FindingView(
            what: "\(name)'s clock runs wrong. Its pictures are dated by their arrival.", where: "camera \(id)",
            severity: .warning,
            remedy: "Set the camera's frame rate again, or update its firmware. Recording and events go on meanwhile.")
    }
}
