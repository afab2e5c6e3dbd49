import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianOperations
import GuardianWire
import Logging
import ServiceLifecycle

/// The AI service: a process of its own that decodes what cameras send and says what is to be seen.
public struct InferenceServer: Sendable {
    private let configuration: InferenceServiceConfiguration
    private let logger: Logger

    public init(_ configuration: InferenceServiceConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs until the process is told to end.
    ///
    /// - Throws: `GuardianError` when it cannot listen.
    public func run() async throws {
        let statistics = LookStatistics(registry: MetricsRegistry())
        let models = ModelLoader(places: configuration.places, statistics: statistics, logger: logger)
        let calls = InferenceCalls(models: models, statistics: statistics, logger: logger)
        let server = GRPCServer(transport: try transport(), services: [calls])
        if let pidFile = configuration.pidFile {
            try Data("\(getpid())\n".utf8).write(to: URL(fileURLWithPath: pidFile), options: .atomic)
        }
        defer { if let pidFile = configuration.pidFile { unlink(pidFile) } }
        var services: [any Service] = [models, GRPCService(server: server)]
        if let parent = ParentWatch(logger: logger) { services.append(parent) }
        try await ProcessRuntime.run(services, logger: logger)
    }

    private func transport() throws -> HTTP2ServerTransport.Posix {
        var config = HTTP2ServerTransport.Posix.Config.defaults
        // A keyframe of a large camera is a few MiB.
        config.rpc.maxRequestPayloadSize = 17 << 20
        config.http2.targetWindowSize = 4 << 20
        switch configuration.listen {
        case .socket(let path):
            try Self.makeRoom(for: path)
            return HTTP2ServerTransport.Posix(
                address: .unixDomainSocket(path: path), transportSecurity: .plaintext, config: config)
        case .tcp(let address, let port, let files):
            return HTTP2ServerTransport.Posix(
                address: .ipv4(host: address, port: port), transportSecurity: try files.serverSecurity(),
                config: config)
        }
    }

    /// The socket's folder, open to its owner alone; a socket that a killed process left behind goes.
    private static func makeRoom(for path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .permissionDenied, "The folder \(folder) cannot be made for the AI service's socket.", cause: error)
        }
        unlink(path)
    }
}

/// The gRPC server as a service: told to end, it takes no new calls; watches that are still open then are cut off when
/// the process' time is over.
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
            // A server that is cancelled says so with an error of its own.
            guard Task.isCancelled else { throw error }
        }
    }
}
