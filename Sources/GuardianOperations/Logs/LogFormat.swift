import Foundation
import GuardianCore
import Logging

/// Log lines as JSON objects, one a line: `time` (RFC 3339, UTC), `level`, `process`, `label`, `message`, and the
/// metadata under its own names.
public enum LogFormat {
    /// Makes JSON lines on standard error the format of every `Logger` of this process. Call once, before the first.
    public static func bootstrap(process: String, level: Logger.Level = .info) {
        LoggingSystem.bootstrap { label in
            JSONLogHandler(process: process, label: label, level: level, output: .standardError)
        }
    }
}
