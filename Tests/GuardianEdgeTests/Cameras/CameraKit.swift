import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianOperations
import GuardianTestKit
import Logging
import Synchronization

/// All log messages as one text.
final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        Logger(label: "test") { _ in Page(book: self) }
    }

    private struct Page: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            book.lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}

extension CameraSession {
    /// Returns a session with a camera at `address` that reconnects quickly.
    static func test(
        _ address: String, detect: String? = nil, audio: Bool = false, clock: any WallClock = SystemClock(),
        logger: Logger = LogBook().logger
    ) throws -> CameraSession {
        guard let alias = CameraAlias("cam") else { throw Tool.Failure(text: "alias") }
        var settings = CameraSettings(source: Secret(address), detect: detect.map { Secret($0) }, audio: audio)
        settings.backoff = Backoff(base: .milliseconds(50), limit: .milliseconds(200))
        settings.readTimeout = 5
        return CameraSession(
            identity: CameraIdentity(id: CameraID(UUID()), alias: alias, name: "Camera"), settings: settings,
            clock: clock, logger: logger)
    }

    /// Runs the session while `body` runs.
    func running<Result>(_ body: () async throws -> Result) async throws -> Result {
        async let _: Void = run()
        return try await body()
    }
}
