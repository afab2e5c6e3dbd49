import Foundation
import GRPCCore
import GuardianArchive
import GuardianCore
import GuardianWire
import NIOCore

// What an edge's pages show of the archive: all clips of its tenant, whichever device sent them, so that a new recorder
// also shows the clips of a stolen one.

extension ArchiveReception {
    func list(
        request: Guardian_V1_ArchiveQuery, context: ServerContext
    ) async throws -> Guardian_V1_ArchivePage {
        let listing = ArchiveListing(try scope(for: context))
        switch try request.checkedRequest() {
        case .clip(let clip): return try .init(ArchivePage(items: [try await listing.clip(clip)]))
        case .picture(let event): return try .init(ArchivePage(items: [try await listing.picture(event)]))
        case .clips(let query, let limit, let cursor):
            return try .init(try await listing.clips(query, limit: limit, cursor: cursor))
        case .pictures(let query, let limit, let cursor):
            return try .init(try await listing.pictures(query, limit: limit, cursor: cursor))
        }
    }

    func usage(request: Guardian_V1_UsageQuery, context: ServerContext) async throws -> Guardian_V1_ArchiveReport {
        .init(try await ArchiveListing(try scope(for: context)).report())
    }

    func hold(request: Guardian_V1_HoldRequest, context: ServerContext) async throws -> Guardian_V1_ArchivePage {
        guard let clip = ClipID(request.clip) else {
            throw GuardianError(.invalidArgument, "The clip must be a UUID.")
        }
        // A recorder can be stolen. It may protect a clip, and no more.
        guard request.held else {
            throw GuardianError(
                .permissionDenied,
                "A recorder cannot release a hold. Release it at the node: DELETE /api/v1/archive/\(clip)/hold.")
        }
        return try .init(ArchivePage(items: [try await ArchiveListing(try scope(for: context)).hold(clip, true)]))
    }

    func fetch(
        request: Guardian_V1_FetchRequest, response: RPCWriter<Guardian_V1_FetchReply>, context: ServerContext
    ) async throws {
        let archive = try scope(for: context).archive
        let name = try PartName(kind: request.kind, subject: request.subject, part: request.part)
        let content = try await archive.content(SealedItem(name))
        guard let offset = Int64(exactly: request.offset), offset <= content.size,
            let length = Int64(exactly: request.length), length <= content.size - offset
        else {
            throw GuardianError(.outOfRange, "The part has \(content.size) bytes; the requested range exceeds it.")
        }
        let range = offset..<(length == 0 ? content.size : offset + length)
        let read = range.isEmpty ? nil : try await content.open(range)
        try await response.write(
            .with {
                $0.size = UInt64(content.size)
                if !content.isGrowing { $0.etag = content.etag }
            })
        try await read? { piece in try await response.write(.with { $0.bytes = Data(piece.readableBytesView) }) }
    }

    private func scope(for context: ServerContext) throws -> TenantScope {
        try tenants.scope(of: try DeviceCertificate.identity(of: context))
    }
}

extension SealedItem {
    init(_ name: PartName) {
        switch name.kind {
        case .clip: self = .part(ClipID(name.subject), name.part)
        case .snapshot: self = .snapshot(EventID(name.subject))
        }
    }
}
