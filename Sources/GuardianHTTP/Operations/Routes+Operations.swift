import GuardianCore
import GuardianOperations
import HTTPTypes
import Hummingbird

/// Whether a process can do its work now.
public struct Readiness: Codable, Sendable {
    public var ready: Bool
    /// What is missing, in words for a person.
    public var reasons: [String]

    public init(reasons: [String]) {
        ready = reasons.isEmpty
        self.reasons = reasons
    }
}

extension Routes {
    /// `/healthz`: the process answers. `/readyz`: it can do its work; 503 with the reasons when it cannot.
    public mutating func addHealth(readiness: @escaping @Sendable () async -> Readiness) {
        get("/healthz") { _ in try JSON.response(["status": "ok"]) }
        get("/readyz") { _ in
            let readiness = await readiness()
            guard readiness.ready else {
                throw GuardianError(.unavailable, readiness.reasons.joined(separator: " "))
            }
            return try JSON.response(readiness)
        }
    }

    /// `/metrics` in Prometheus' text format.
    mutating func addMetrics(_ metrics: MetricsRegistry) {
        get("/metrics") { _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.exposition())))
        }
    }

    /// `/api/v1/openapi.yaml`: the description of the API that stands in this target's resources under `name`.
    public mutating func addDescription(_ name: OpenAPIDescription) throws {
        let document = try StaticFile(bytes: name.bytes(), contentType: "application/yaml")
        get("/api/v1/openapi.yaml") { document.response(to: $0.request) }
    }
}
