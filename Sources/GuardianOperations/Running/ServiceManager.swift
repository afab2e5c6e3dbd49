import Foundation
import GuardianCore
import Logging
import ServiceLifecycle

/// Tells the service manager, such as systemd, that this process is ready, that it works, and that it ends: sd_notify(3). The
/// manager restarts a process that has not said for its `WatchdogSec=` that it works.
public struct ServiceManager: Service {
    /// The path of the manager's socket; `@` at its beginning stands for the zero byte of an abstract address.
    private let socketPath: String
    /// The time between two messages: a third of what the manager waits. `nil`: it does not ask.
    private let interval: Duration?
    private let isWorking: @Sendable () -> Bool
    private let clock: any MonotonicClock
    private let logger: Logger

    /// - Parameters:
    ///   - environment: what the manager has set: `NOTIFY_SOCKET`, `WATCHDOG_USEC` (microseconds) and `WATCHDOG_PID`.
    ///   - process: the identifier of this process.
    ///   - isWorking: asked at each message; a process that does not work says nothing.
    /// - Returns: `nil` when no service manager has started this process.
    public init?(
        environment: [String: String] = ProcessInfo.processInfo.environment, process: Int32 = getpid(),
        isWorking: @escaping @Sendable () -> Bool = { true }, clock: any MonotonicClock = SystemMonotonicClock(),
        logger: Logger
    ) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
        socketPath = path
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        interval = isMeant && microseconds > 0 ? .microseconds(microseconds) / 3 : nil
        self.isWorking = isWorking
        self.clock = clock
        self.logger = logger
    }

    public func run() async throws {
        send("READY=1")
        await cancelWhenGracefulShutdown {
            if let interval { await report(every: interval) } else { try? await gracefulShutdown() }
        }
        send("STOPPING=1")
    }

    private func report(every interval: Duration) async {
        var works = true
        while (try? await clock.sleep(for: interval)) != nil {
            let worked = works
            works = isWorking()
            if works {
                send("WATCHDOG=1")
            } else if worked {
                logger.error("process makes no progress, to be restarted by the service manager")
            }
        }
    }

    private func send(_ message: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array((socketPath.hasPrefix("@") ? "\0" + socketPath.dropFirst() : socketPath[...]).utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract address has the length that it is given; a path ends at its zero byte.
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + bytes.count } ?? 0
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, message, message.utf8.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
        if sent < 0 {
            logger.warning(
                "service manager cannot be told", metadata: ["reason": "\(String(cString: strerror(errno)))"])
        }
    }
}
