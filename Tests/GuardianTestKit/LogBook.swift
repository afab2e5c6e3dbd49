import Logging
import Synchronization

/// Keeps what was logged.
public final class LogBook: Sendable {
    private let lines = Mutex<[String]>([])

    public init() {}

    public var text: String { lines.withLock { $0.joined(separator: "\n") } }

    /// Returns how many messages contain a text.
    public func count(of text: String) -> Int { lines.withLock { $0.count { $0.contains(text) } } }

    public var logger: Logger {
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
