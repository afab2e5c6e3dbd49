import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianOperations
import GuardianTestKit
import Logging
import Synchronization

/// Waits until something holds; throws when it does not come to hold in time.
func eventually(
    _ what: String, within limit: Duration = .seconds(40), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw Tool.Failure(text: "never happened: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Everything that was logged, as one text.
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
    /// A camera that shows `address`, quick to come back.
    static func test(
        _ address: String, detect: String? = nil, audio: Bool = false, logger: Logger = LogBook().logger
    ) throws -> CameraSession {
        guard let alias = CameraAlias("cam") else { throw Tool.Failure(text: "alias") }
        var settings = CameraSettings(source: Secret(address), detect: detect.map { Secret($0) }, audio: audio)
        settings.backoff = Backoff(base: .milliseconds(50), limit: .milliseconds(200))
        settings.readTimeout = 5
        return CameraSession(
            identity: CameraIdentity(id: CameraID(UUID()), alias: alias, name: "Camera"), settings: settings,
            logger: logger)
    }

    /// Runs it as long as `body` does.
    func running<Result>(_ body: () async throws -> Result) async throws -> Result {
        async let _: Void = run()
        return try await body()
    }
}
