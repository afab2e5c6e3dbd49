import GuardianCore
import GuardianHTTP

extension RelayReading {
    /// Fetches from a tenant's edges.
    init(_ relay: NodeRelay) {
        let cache = relay.scope.cache
        self.init(
            clip: { try await relay.content(.clip($0), of: try await cache.device(of: $0), for: $1) },
            snapshot: { try await relay.content(.snapshot($0), of: try await cache.device(of: $0), for: $1) },
            cameraOfClip: { try await cache.catalogue.clip($0)?.clip.camera })
    }
}
