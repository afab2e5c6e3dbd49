import GuardianCore
import GuardianHTTP

extension RelayReading {
    /// Fetches from a tenant's edges.
    init(_ relay: NodeRelay) {
        let cache = relay.scope.cache
        self.init(
            clip: { clip, isIndexed, caller in
                try await relay.content(
                    isIndexed ? .indexedClip(clip) : .clip(clip), of: try await cache.device(of: clip), for: caller)
            },
            snapshot: { try await relay.content(.snapshot($0), of: try await cache.device(of: $0), for: $1) },
            cameraOfClip: { try await cache.catalogue.clip($0)?.clip.camera })
    }
}
