import Foundation
import GuardianCore
import Logging

/// Log lines as JSON objects, one per line: `time` (RFC 3339, UTC), `level`, `process`, `label`, `message`, and the
/// metadata under its own names.
public enum LogFormat {
    /// Makes every `Logger` of this process write JSON lines to standard error. Call once, before the first is created.
    public static func bootstrap(process: String, level: Logger.Level = .info) {
        LoggingSystem.bootstrap { label in
            JSONLogHandler(process: process, label: label, level: level, output: .standardError)
        }
    }
}
