import Foundation
import GuardianJournal

extension Judgement.ClockState {
    /// What the system's time service says (systemd-timesyncd marks its success with a file); another service keeps its
    /// knowledge to itself.
    static func now() -> Judgement.ClockState {
        let folder = "/run/systemd/timesync"
        guard FileManager.default.fileExists(atPath: folder) else { return .unknown }
        return FileManager.default.fileExists(atPath: "\(folder)/synchronized") ? .synchronised : .unsynchronised
    }
}
