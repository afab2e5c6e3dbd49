import GuardianCore
import GuardianIdentity
import GuardianOperations
import HTTPTypes
import Hummingbird

/// Whether a process can do its work now.
public struct Readiness: Codable, Sendable {
    public var ready: Bool
    /// What is missing, as sentences for people.
    public var reasons: [String]

    public init(reasons: [String]) {
        ready = reasons.isEmpty
        self.reasons = reasons
    }
}

extension Routes {
    /// Adds `/healthz` (the process answers) and `/readyz` (it can do its work; 503 with the reasons when it cannot).
    public mutating func addHealth(readiness: @escaping @Sendable () async -> Readiness) {
        get("/healthz", needs: .everyone) { _ in try JSON.response(["status": "ok"]) }
        get("/readyz", needs: .everyone) { web in
            let readiness = await readiness()
            guard readiness.ready else {
                let reasons = readiness.reasons.joined(separator: " ")
                let isShown = web.principal.can(.readStatus) && web.principal.cameras == .all
                throw GuardianError(.unavailable, isShown ? reasons : "Not ready; the log says why.")
            }
            return try JSON.response(readiness)
        }
    }

    /// Adds `/metrics` in Prometheus' text format.
    mutating func addMetrics(_ metrics: MetricsRegistry, access: WebAccessConfiguration.Metrics) {
        let needs: RouteAccess =
            switch access {
            case .local: .mayOrLocal(.readMetrics)
            case .token: .mayForAllCameras(.readMetrics)
            }
        get("/metrics", needs: needs) { _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.exposition())))
        }
    }

    /// Adds `/api/v1/openapi.yaml`: the OpenAPI document `name` of this target's resources.
    public mutating func addDescription(_ name: OpenAPIDescription) throws {
        let document = try StaticFile(bytes: name.bytes(), contentType: "application/yaml")
        get("/api/v1/openapi.yaml", needs: .may(.ownAccount)) { document.response(to: $0.request) }
    }
}
