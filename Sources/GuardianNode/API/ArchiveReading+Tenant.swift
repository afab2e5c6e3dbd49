import GuardianCore
import GuardianHTTP

extension ArchiveReading {
    /// Reads a tenant's archive.
    init(_ scope: TenantScope) {
        let (listing, archive) = (ArchiveListing(scope), scope.archive)
        self.init(
            list: { try await listing.clips($0, limit: $1, cursor: $2) }, clip: { try await listing.clip($0) },
            content: { RemoteContent(try await archive.content($0)) },
            pictures: { try await listing.pictures($0, limit: $1, cursor: $2) },
            picture: { try await listing.picture($0) }, usage: { try await listing.report() },
            hold: { try await listing.hold($0, $1) }, cameras: scope.tenant.cameras.names)
    }
}

extension RemoteContent {
    init(_ file: SealedFile) {
        self.init(size: file.size, etag: file.etag, isGrowing: file.isGrowing) { range in
            let read = try await file.open(range)
            return { pipe in try await read { try await pipe.send($0) } }
        }
    }
}
