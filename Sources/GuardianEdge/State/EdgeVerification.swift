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
            folder: "\(state)/clips", keepFree: 0,
            logger: Logger(label: "guardian.doctor") { _ in SwiftLogNoOpLogHandler() })
        return try JournalVerifier(
            path: "\(state)/edge.sqlite", place: .edge, deviceKey: try deviceKey(state: state),
            clipFile: { clips.url(of: $0.id, camera: $0.camera).path },
            snapshotFile: { event in event.snapshot.map { snapshots.path(of: $0, event: event.id) } ?? "" }
        ).verify(beside: report)
    }
}
