import GuardianCore
import GuardianMedia
import GuardianWatch
import GuardianWire

/// What a watch was asked to do, checked.
package struct WatchOrder: Sendable {
    /// The camera's UUID; empty when the edge names none.
    package var camera: String
    package var stream: StreamDescription
    package var settings: WatchSettings
    package var keepsPictures: Bool

    /// Throws `invalidArgument` when a value is out of range.
    package init(_ wire: Guardian_V1_WatchStart) throws {
        camera = try wire.camera.checkedCamera()
        stream = try StreamDescription(wire.stream)
        // The settings limit the rate; without a number it is the usual one.
        settings = WatchSettings(rate: wire.rate > 0 ? wire.rate : 5)
        keepsPictures = wire.pictures
    }
}

/// Which picture was asked for, checked.
package struct SnapshotOrder: Sendable {
    /// The camera's UUID when its watch may hold the picture; empty otherwise.
    package var camera: String
    package var mediaTime: MediaTime
    /// JPEG quality, 1 to 100.
    package var quality: Int
    package var stream: StreamDescription

    /// Throws `invalidArgument` when a value is out of range.
    package init(_ wire: Guardian_V1_SnapshotStart) throws {
        camera = try wire.camera.checkedCamera()
        stream = try StreamDescription(wire.stream)
        // A time far away asks for the first picture or the last.
        mediaTime = MediaTime(
            milliseconds: min(max(wire.mediaTime, Plausible.mediaTime.lowerBound), Plausible.mediaTime.upperBound))
        quality = wire.quality == 0 ? 85 : Int(min(100, wire.quality))
    }
}

extension String {
    fileprivate func checkedCamera() throws -> String {
        guard isEmpty || CameraID(self) != nil else {
            throw GuardianError(.invalidArgument, "The camera must be a UUID, or empty.")
        }
        return self
    }
}
