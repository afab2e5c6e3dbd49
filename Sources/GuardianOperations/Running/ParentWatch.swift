import Foundation
import Logging
import ServiceLifecycle

/// Ends this process when its supervisor ends. The supervisor's end closes our standard input, even after `kill -9`.
public struct ParentWatch: Service {
    /// Set in the environment of supervised processes.
    static let variable = "GUARDIAN_SUPERVISED"

    private let logger: Logger

    /// `nil` when this process is not supervised.
    public init?(logger: Logger) {
        guard ProcessInfo.processInfo.environment[Self.variable] == "1" else { return nil }
        self.logger = logger
    }

    public func run() async throws {
        let (parentExit, continuation) = AsyncStream.makeStream(of: Void.self)
        // A blocked read needs a thread of its own; it ends with the process.
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            continuation.yield()
            continuation.finish()
        }
        await cancelWhenGracefulShutdown {
            for await _ in parentExit {
                logger.notice("supervising process ended, shutting down")
                kill(getpid(), SIGTERM)
            }
        }
    }
}
