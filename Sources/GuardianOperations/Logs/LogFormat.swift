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

/// Where log lines go: a file descriptor that takes whole lines.
public struct LogOutput: Sendable {
    private let write: @Sendable ([UInt8]) -> Void

    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

    func line(_ bytes: [UInt8]) { write(bytes) }

    /// Lines below `PIPE_BUF` bytes written at once do not mix with those of other threads and processes.
    public static let standardError = LogOutput { bytes in
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(rebasing: buffer[...])
            while let base = rest.baseAddress, rest.count > 0 {
                let count = Foundation.write(STDERR_FILENO, base, rest.count)
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
