import Foundation
import GuardianCore
import GuardianJournal

/// The folder with all of an edge's state. Only one edge at a time can use it.
public final class StateFolder: Sendable {
    public let path: String
    /// Locked for as long as this object exists. The kernel releases the lock however the process ends.
    private let lock: FileHandle

    /// Creates missing folders, accessible for the owner only.
    ///
    /// - Throws: `GuardianError` `.permissionDenied` when it cannot be written, `.alreadyExists` when another edge uses it.
    public init(path: String) throws {
        self.path = path
        do {
            for folder in ["", "/clips", "/snapshots", "/run", "/run/ai"] {
                try FileManager.default.createDirectory(
                    atPath: path + folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw GuardianError(
                .permissionDenied, "The state folder \(path) cannot be created: create it and give it to this user.",
                cause: error)
        }
        let descriptor = open("\(path)/run/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw GuardianError(.permissionDenied, "The state folder \(path) cannot be written: give it to this user.")
        }
        lock = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw GuardianError(.alreadyExists, "Another edge runs on \(path): end it, or choose another state folder.")
        }
    }

    /// Names the recorder of this folder, and no copy of the folder: a copy has the same key.
    func identity(of key: DeviceKey) -> String {
        var status = stat()
        let number = stat(path, &status) == 0 ? UInt64(status.st_ino) : 0
        return "\(key.publicKey.fingerprint.hex.prefix(32))-\(number)"
    }

    public var database: String { "\(path)/edge.sqlite" }
    public var deviceKey: String { "\(path)/device.key" }
    public var clips: String { "\(path)/clips" }
    public var snapshots: String { "\(path)/snapshots" }
    public var emergencyClips: String { "\(path)/emergency" }
    public var reserve: String { "\(path)/reserve" }
    public var journalHead: String { "\(path)/journal.head" }
    public var cameras: String { Self.cameras(in: path) }
    static func cameras(in folder: String) -> String { "\(folder)/cameras.json" }
    public var cameraSettings: String { Self.cameraSettings(in: path) }
    package static func cameraSettings(in folder: String) -> String { "\(folder)/camera-settings.json" }
    public var cameraPasswords: String { Self.cameraPasswords(in: path) }
    package static func cameraPasswords(in folder: String) -> String { "\(folder)/camera-passwords.json" }
    public var settings: String { "\(path)/settings.json" }
    public var believedTime: String { Self.believedTime(in: path) }
    package static func believedTime(in folder: String) -> String { "\(folder)/believed-time" }
    public var telemetryDatabase: String { "\(path)/telemetry.sqlite" }
    public var archiveDatabase: String { "\(path)/archive.sqlite" }
    public var archiveMarks: String { "\(path)/archive" }
    public var heartbeat: String { "\(path)/run/alive" }
    /// The one folder that the AI service may change.
    public var inferenceRun: String { "\(path)/run/ai" }
    public var inferencePID: String { "\(inferenceRun)/pid" }
    public var inferenceConfiguration: String { "\(path)/run/ai.yaml" }
}
