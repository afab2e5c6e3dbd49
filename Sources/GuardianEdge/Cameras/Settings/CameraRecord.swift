import Foundation
import GuardianCore

/// One camera as the settings hold it.
package struct CameraRecord: Sendable, Hashable {
    package let id: CameraID
    package var camera: CameraConfiguration
    /// Since when the owner has paused it; `nil` while it runs.
    package var pausedSince: Timestamp?
    /// Whether the configuration file brought it. A camera that was added at run time is never removed by that file.
    package var isImported: Bool

    package init(id: CameraID, camera: CameraConfiguration, pausedSince: Timestamp? = nil, isImported: Bool = false) {
        self.id = id
        self.camera = camera
        self.pausedSince = pausedSince
        self.isImported = isImported
    }

    package var alias: CameraAlias { camera.alias }
    package var identity: CameraIdentity { CameraIdentity(id: id, alias: camera.alias, name: camera.name) }

    /// Whether a station that runs by this record does what the other one wants. A name is only shown.
    func runs(as other: CameraRecord) -> Bool {
        pausedSince == nil && other.pausedSince == nil && camera.source == other.camera.source
            && camera.detect == other.camera.detect && camera.transport == other.camera.transport
            && camera.audio == other.camera.audio
    }

    /// Whether an address of it holds a password.
    var hasPassword: Bool {
        [camera.source, camera.detect].contains { $0.map { CameraChecks.holdsSecret($0.reveal()) } ?? false }
    }
}
