import ArgumentParser
import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import NIOCore

/// The recorder on this machine whose cameras a command manages.
struct CameraServerOptions: ParsableArguments {
    @Option(help: "The configuration of the recorder.")
    var config = "/etc/guardian/edge.yaml"

    /// - Throws: `failedPrecondition` when it does not run.
    func server() throws -> CameraServer {
        let server = try LocalServer(configuration: config)
        guard server.isRecorder else {
            throw GuardianError(.invalidArgument, "\(config) is a node's configuration; cameras belong to a recorder.")
        }
        return CameraServer(client: APIClient(try server.address()))
    }
}

/// A client of a recorder's API of cameras. Commands do what pages do, with the same checks.
struct CameraServer: Sendable {
    let client: APIClient

    func list() async throws -> [CameraView] {
        let page: PageView<CameraView> = try await client.get("/api/v1/cameras", timeout: .minutes(1))
        return page.items
    }

    func add(_ camera: CameraBody) async throws -> CameraView {
        try await client.send(.POST, "/api/v1/cameras", camera)
    }

    func test(_ camera: CameraBody) async throws -> CameraTestView {
        try await client.send(.POST, "/api/v1/camera-tests", camera)
    }

    func test(_ alias: CameraAlias) async throws -> CameraTestView {
        try await client.send(.POST, "/api/v1/cameras/\(alias)/test", [String: String]())
    }

    /// - Parameter question: takes less than a minute to answer.
    func discover(_ question: DiscoveryBody) async throws -> [FoundCameraView] {
        let found: FoundCamerasView = try await client.send(
            .POST, "/api/v1/cameras/discover", question, timeout: .minutes(2))
        return found.items
    }

    func pause(_ alias: CameraAlias, _ paused: Bool) async throws -> CameraView {
        try await client.send(.PUT, "/api/v1/cameras/\(alias)", ["paused": paused])
    }

    func remove(_ alias: CameraAlias) async throws { try await client.delete("/api/v1/cameras/\(alias)") }
}

/// A camera as a request describes it; what is `nil` is left out.
struct CameraBody: Encodable {
    var id: String?
    var name: String?
    var source: String
    var detect: String?
    var username: String?
    var password: String?
    var transport: String?
    var audio: Bool?
}

extension CameraAlias: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
