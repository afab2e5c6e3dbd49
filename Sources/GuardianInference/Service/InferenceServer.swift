import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianOperations
import GuardianVision
import GuardianWire
import Logging
import ServiceLifecycle

/// The AI service: a separate process that decodes detection streams and sends observations.
public struct InferenceServer: Sendable {
    private let configuration: InferenceServiceConfiguration
    private let confinement: Sandbox.Confinement
    private let logger: Logger
    private let proofInterval: Duration
    private let makeDetector: @Sendable (OpenVINOPlaces, Int) throws -> any Detector
    /// The longest time without that a call of the detector ends: thousands of times what one takes.
    private static let stallLimit: Duration = .seconds(60)

    /// - Parameter confinement: what restricts this process.
    public init(
        _ configuration: InferenceServiceConfiguration,
        confinement: Sandbox.Confinement = .none("it was not asked for"), logger: Logger
    ) {
        self.init(configuration, confinement: confinement, logger: logger, proofInterval: SightCheck.interval) {
            try OpenVINODetector(places: $0, requests: $1)
        }
    }

    /// - Parameters:
    ///   - confinement: what restricts this process.
    ///   - proofInterval: how often it looks at the known picture.
    ///   - makeDetector: makes a detector of the model in a folder, for so many calls at once.
    package init(
        _ configuration: InferenceServiceConfiguration,
        confinement: Sandbox.Confinement = .none("it was not asked for"), logger: Logger, proofInterval: Duration,
        makeDetector: @escaping @Sendable (OpenVINOPlaces, Int) throws -> any Detector
    ) {
        self.configuration = configuration
        self.confinement = confinement
        self.logger = logger
        self.proofInterval = proofInterval
        self.makeDetector = makeDetector
    }

    /// Runs until the process is asked to terminate.
    ///
    /// - Throws: `GuardianError` when it cannot listen.
    public func run() async throws {
        let registry = MetricsRegistry()
        announceConfinement(in: registry)
        let statistics = LookStatistics(registry: registry)
        let models = ModelLoader(
            places: configuration.places, statistics: statistics, logger: logger, makeDetector: makeDetector)
        let eyes = SightCheck(models: models, statistics: statistics, interval: proofInterval, logger: logger)
        let calls = InferenceCalls(
            models: models, eyes: eyes, statistics: statistics, confinement: confinement, logger: logger)
        let server = GRPCServer(transport: try transport(), services: [calls])
        let pidFile = configuration.pidFile.map { PIDFile(path: $0) }
        try pidFile?.write()
        defer { pidFile?.remove() }
        var services: [any Service] = [models, eyes, GRPCService(server: server)]
        if let parent = ParentWatch(logger: logger) { services.append(parent) }
        try await ProcessRuntime.run(
            services, isWorking: { statistics.stall() < Self.stallLimit }, logger: logger)
    }

    private func announceConfinement(in registry: MetricsRegistry) {
        let gauge = registry.gauge(
            "guardian_ai_sandboxed", help: "1 if the AI service can reach nothing but its own files.")
        switch confinement {
        case .landlock:
            gauge.set(1)
            logger.info("sandboxed", metadata: ["sandbox": "\(confinement)"])
        case .none(let reason):
            gauge.set(0)
            logger.warning("not sandboxed", metadata: ["reason": "\(reason)"])
        }
    }

    private func transport() throws -> HTTP2ServerTransport.Posix {
        var config = HTTP2ServerTransport.Posix.Config.defaults
        // A keyframe of a large camera is a few MiB.
        config.rpc.maxRequestPayloadSize = 17 << 20
        config.http2.targetWindowSize = 4 << 20
        switch configuration.listen {
        case .socket(let path):
            try Self.prepare(socket: path)
            return HTTP2ServerTransport.Posix(
                address: .unixDomainSocket(path: path), transportSecurity: .plaintext, config: config)
        case .tcp(let address, let port, let files):
            return HTTP2ServerTransport.Posix(
                address: .ipv4(host: address, port: port), transportSecurity: try files.serverSecurity(),
                config: config)
        }
    }

    /// Creates the socket's folder with access for its owner only, and removes the socket of a killed process.
    private static func prepare(socket path: String) throws {
        try PrivateFolder.create(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        unlink(path)
    }
}

/// The gRPC server as a service. On graceful shutdown it accepts no new calls; watches that are still open are
/// cancelled when the shutdown timeout expires.
struct GRPCService<Transport: ServerTransport>: Service {
    let server: GRPCServer<Transport>

    func run() async throws {
        do {
            try await withGracefulShutdownHandler {
                try await server.serve()
            } onGracefulShutdown: {
                server.beginGracefulShutdown()
            }
        } catch {
            // A cancelled server throws an error of its own.
            guard Task.isCancelled else { throw error }
        }
    }
}
