import Foundation
import GuardianCore
import GuardianJournal
import Logging

/// Verifies an edge that does not run: its journal and the files that the journal names.
public enum EdgeVerification {
    /// Returns the device's public key.
    ///
    /// - Throws: `GuardianError` `.notFound` when no edge has run on this state folder.
    public static func deviceKey(state: String) throws -> DevicePublicKey {
        guard FileManager.default.fileExists(atPath: "\(state)/device.key") else {
            throw GuardianError(.notFound, "No edge has run on \(state): there is no device key.")
        }
        return try DeviceKey.open(path: "\(state)/device.key").publicKey
    }

    /// - Parameter report: what the node has of this edge; `nil` if it was not asked.
    public static func run(state: String, beside report: EdgeReport?) throws -> JournalVerification {
        let snapshots = SnapshotStore(folder: "\(state)/snapshots")
        let clips = ClipStore(
            folder: "\(state)/clips", keepFree: 0, emergency: EmergencyFolder(folder: "\(state)/emergency"),
            logger: Logger(label: "guardian.doctor") { _ in SwiftLogNoOpLogHandler() })
        // The files of a place that is away are not missing; `places` reports the place.
        let (hasClips, hasPictures) = (isPresent("clips", state: state), isPresent("snapshots", state: state))
        var result = try JournalVerifier(
            path: "\(state)/edge.sqlite", place: .edge, deviceKey: try deviceKey(state: state),
            clipFile: hasClips ? { clips.url(of: $0.id, camera: $0.camera).path } : nil,
            snapshotFile: hasPictures
                ? { event in event.snapshot.map { snapshots.path(of: $0, event: event.id) } ?? "" } : nil
        ).verify(beside: report)
        if hasClips, !result.isUnreadable { result.findings += try leftovers(state: state) }
        return result
    }
}
