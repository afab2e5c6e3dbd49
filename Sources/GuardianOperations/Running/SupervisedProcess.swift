import Foundation
import GuardianCore
import Logging
import ServiceLifecycle
import Synchronization

/// A program to start, its arguments, and the file that its output is appended to.
public struct ProcessSpecification: Sendable {
    public var name: String
    public var executable: String
    /// Visible to every user of the machine: never a secret.
    public var arguments: [String]
    /// Added to our own environment, or all of it.
    public var environment: [String: String]
    /// Whether the program gets our own environment, which may hold secrets.
    public var inheritsEnvironment: Bool
    /// Receives standard output and error; ours do when `nil`.
    public var log: String?

    public init(
        name: String, executable: String, arguments: [String], environment: [String: String] = [:],
        inheritsEnvironment: Bool = true, log: String? = nil
    ) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.inheritsEnvironment = inheritsEnvironment
        self.log = log
    }
}

/// Keeps a child process running. Restarts it when it ends, with a wait that grows with each failure until it has run
/// for 10 seconds, and ends it together with this process.
///
/// The child's standard input is a pipe that we never write to. When we exit in any way, the pipe closes, and the child
/// ends too (see `ParentWatch`).
public final class SupervisedProcess: Service {
    public struct State: Sendable {
        /// `nil` while it is not running.
        public var pid: Int32?
        public var since: Timestamp
        /// The number of restarts.
        public var restarts: Int
    }

    private let specification: ProcessSpecification
    private let backoff: Backoff
    private let logger: Logger
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let current: Mutex<State>
    private let changed: @Sendable (State) -> Void

    /// `changed` is called on every start and exit, from any thread.
    public init(
        _ specification: ProcessSpecification, backoff: Backoff = Backoff(base: .milliseconds(200), limit: .seconds(5)),
        clock: any WallClock = SystemClock(), monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger,
        changed: @escaping @Sendable (State) -> Void = { _ in }
    ) {
        self.specification = specification
        self.backoff = backoff
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
        self.changed = changed
        current = Mutex(State(pid: nil, since: clock.now(), restarts: 0))
    }

    public var state: State { current.withLock { $0 } }

    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                let started = self.monotonic.now()
                do {
                    let status = try await self.runOnce()
                    guard !Task.isCancelled else { return }
                    self.logger.warning(
                        "child process ended, restarting",
                        metadata: ["child": "\(self.specification.name)", "status": "\(status)"])
                } catch let error as GuardianError {
                    self.logger.error(
                        "child process cannot be started",
                        metadata: ["child": "\(self.specification.name)", "error": "\(error)"])
                }
                failures = self.monotonic.elapsed(since: started) > .seconds(10) ? 1 : failures + 1
                try? await self.monotonic.sleep(for: self.backoff.delay(after: failures))
                self.update { $0.restarts += 1 }
            }
        }
    }

    /// Ends the running child at once, even one that is stopped or hangs; it is restarted like one that ended by itself.
    public func restart() {
        if let pid = state.pid { kill(pid, SIGKILL) }
    }

    private func runOnce() async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: specification.executable)
        process.arguments = specification.arguments
        process.environment = (specification.inheritsEnvironment ? ProcessInfo.processInfo.environment : [:])
            .merging(specification.environment) { _, new in new }
            .merging([ParentWatch.variable: "1"]) { _, new in new }
        if let log = specification.log {
            let output = try Self.append(to: log)
            process.standardOutput = output
            process.standardError = output
        }
        let childExit = ProcessExit()
        process.terminationHandler = {
            childExit.record($0.terminationReason == .exit ? $0.terminationStatus : -$0.terminationStatus)
        }
        do {
            try Self.spawning.withLock { _ in
                process.standardInput = Pipe()
                try Self.withoutBlockedSignals { try process.run() }
            }
        } catch {
            throw GuardianError(
                .failedPrecondition, "\(specification.name) cannot be started: check \(specification.executable).",
                cause: error)
        }
        let pid = process.processIdentifier
        update { $0.pid = pid }
        defer { update { $0.pid = nil } }
        logger.info("child process started", metadata: ["child": "\(specification.name)", "pid": "\(pid)"])
        return await withTaskCancellationHandler {
            await childExit.status()
        } onCancel: {
            kill(pid, SIGTERM)
            DispatchQueue.global().asyncAfter(deadline: .now() + Self.timeLimit) {
                if !childExit.hasHappened { kill(pid, SIGKILL) }
            }
        }
    }

    /// Starts one child at a time. Foundation opens a pipe for standard input and a socket that reports the child's
    /// exit; another child that is started at the same moment would inherit both and keep them open as long as it runs.
    private static let spawning = Mutex(())

    /// Runs `body` with no signals blocked. A child inherits the signals that its parent's thread blocks, and the
    /// pool's threads block nearly all of them: it would never receive SIGTERM.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// Seconds that a child has to shut down before it is killed: every process of ours ends within 10.
    private static let timeLimit = 9.0

    private func update(_ change: (inout State) -> Void) {
        let state = current.withLock { state in
            change(&state)
            state.since = clock.now()
            return state
        }
        changed(state)
    }

    private static func append(to path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw GuardianError(.failedPrecondition, "The log \(path) cannot be written: check its folder.")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}

/// The exit of a child process. Waiting for it ignores cancellation, so that we never exit before the child.
private final class ProcessExit: Sendable {
    private enum Progress {
        case running([CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    private let progress = Mutex(Progress.running([]))

    var hasHappened: Bool {
        progress.withLock { if case .ended = $0 { true } else { false } }
    }

    func record(_ status: Int32) {
        let waiting = progress.withLock { progress -> [CheckedContinuation<Int32, Never>] in
            guard case .running(let waiting) = progress else { return [] }
            progress = .ended(status)
            return waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            let known = progress.withLock { progress -> Int32? in
                switch progress {
                case .ended(let status): return status
                case .running(let waiting):
                    progress = .running(waiting + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
