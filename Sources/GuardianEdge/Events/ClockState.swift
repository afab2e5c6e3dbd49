import Foundation
import GuardianJournal

extension Judgement.ClockState {
    /// Returns whether systemd-timesyncd has synchronised the clock, which it marks with a file; `unknown` with any other time
    /// service.
    static func now() -> Judgement.ClockState {
        let folder = "/run/systemd/timesync"
        guard FileManager.default.fileExists(atPath: folder) else { return .unknown }
        return FileManager.default.fileExists(atPath: "\(folder)/synchronized") ? .synchronised : .unsynchronised
    }
}
