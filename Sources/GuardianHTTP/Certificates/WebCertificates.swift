public import GuardianCore
public import Logging
import NIOPosix
import NIOSSL
public import ServiceLifecycle
import Synchronization

/// The certificate of one web server, which is renewed or read again while the server runs. `WebServer` runs it.
public final class WebCertificates: Service {
    private struct State {
        var context: NIOSSLContext
        var end: Timestamp
        /// Why there should be another certificate and is not.
        var failure: String?
        var problems: [FindingView]
    }

    /// The names by which the server may be addressed.
    public let names: HostNames
    /// Whether the certificate is the owner's, which browsers trust without our authority.
    public let isOwn: Bool
    /// The file of the authority's certificate, which people install on their devices; `nil` with an own certificate.
    public let authority: String?

    private let protocols: [String]
    private let source: Mutex<any CertificateSource>
    private let state: Mutex<State>
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private let logger: Logger

    /// Reads the certificate, or makes it. Blocks while it reads and writes small files.
    ///
    /// - Parameters:
    ///   - state: the server's state folder, which holds the authority's unless the configuration names another one. Not touched
    ///     with an own certificate.
    ///   - server: tells the servers of one folder apart, such as `edge`.
    /// - Throws: `GuardianError` when there is no certificate, with what to do. A later failure keeps the one that there is.
    public convenience init(
        _ configuration: WebTLSConfiguration, state: String, server: String, clock: any WallClock = SystemClock(),
        monotonic: any MonotonicClock = SystemMonotonicClock(), logger: Logger
    ) throws {
        try self.init(
            configuration, folder: configuration.authorityFolder(state: state), server: server, machine: { .current() },
            clock: clock, monotonic: monotonic,
            logger: logger)
    }

    package init(
        _ configuration: WebTLSConfiguration, folder: String, server: String,
        machine: @escaping @Sendable () -> Machine,
        clock: any WallClock, monotonic: any MonotonicClock, logger: Logger
    ) throws {
        var source: any CertificateSource =
            if let files = configuration.files {
                FilesSource(files)
            } else {
                AuthoritySource(
                    folder: WebAuthorityFolder(path: folder), server: server, configured: configuration.names,
                    machine: machine, logger: logger)
            }
        let now = clock.now()
        guard let first = try source.refresh(at: now) else {
            throw GuardianError(.internal, "The web server has no certificate.")
        }
        names = HostNames(machine: machine(), configured: configuration.names)
        isOwn = configuration.files != nil
        authority = isOwn ? nil : WebAuthorityFolder(path: folder).certificate
        protocols = SecureChannel.protocols
        state = Mutex(
            State(
                context: try Self.context(first, protocols), end: first.until, failure: nil,
                problems: source.problems(at: now)))
        self.source = Mutex(source)
        self.clock = clock
        self.monotonic = monotonic
        self.logger = logger
    }

    /// What is wrong with the certificate now, for the status page.
    public var problems: [FindingView] { state.withLock { $0.problems } }

    /// When the certificate ends that is in use.
    public var end: Timestamp { state.withLock { $0.end } }

    /// What the next connection speaks TLS with.
    package func context() -> NIOSSLContext { state.withLock { $0.context } }

    /// Looks for another certificate every few seconds or minutes, until it is cancelled or shut down.
    public func run() async throws {
        let pause = source.withLock { $0.pause }
        try? await cancelWhenGracefulShutdown { [self] in
            while true {
                try await monotonic.sleep(for: pause)
                await refresh()
            }
        }
        try Task.checkCancellation()
    }

    private func refresh() async {
        do {
            try await NIOThreadPool.singleton.runIfActive { [self] in
                let now = clock.now()
                let (result, problems) = source.withLock { source in
                    (Result { try source.refresh(at: now) }, source.problems(at: now))
                }
                apply(result, problems)
            }
        } catch {
            // The pool is shut down when the process ends.
        }
    }

    private func apply(_ result: Result<CertificateChange?, any Error>, _ problems: [FindingView]) {
        do {
            if let change = try result.get() {
                let context = try Self.context(change, protocols)
                state.withLock { ($0.context, $0.end, $0.failure) = (context, change.until, nil) }
                logger.info("web certificate replaced", metadata: ["until": .stringConvertible(change.until)])
            } else if !isOwn {
                // Nothing had to change. Files that did not change are as wrong as they were.
                state.withLock { $0.failure = nil }
            }
        } catch {
            let reason = GuardianError.wrap(error, "The certificate cannot be used.").message
            let isNew = state.withLock { state in
                defer { state.failure = reason }
                return state.failure != reason
            }
            // An authority that cannot be read is looked for every few minutes, for months.
            if isNew {
                logger.warning(
                    "web certificate cannot be replaced, keeping the old one", metadata: ["reason": .string("\(error)")]
                )
            }
        }
        state.withLock { state in
            state.problems = problems + (state.failure.map { [Self.kept($0)] } ?? [])
        }
    }

    private static func kept(_ reason: String) -> FindingView {
        FindingView(
            what: "The web server's certificate cannot be replaced. \(reason)", where: "web", severity: .warning,
            remedy: "The old one is used until this works; it is tried again by itself.")
    }

    private static func context(_ change: CertificateChange, _ protocols: [String]) throws -> NIOSSLContext {
        do { return try TLSContext.make(change, protocols: protocols) } catch {
            throw GuardianError(.failedPrecondition, "The certificate and its key cannot be used.", cause: error)
        }
    }
}
