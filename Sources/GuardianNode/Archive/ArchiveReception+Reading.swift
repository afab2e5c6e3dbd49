import Foundation
import GRPCCore
import GuardianArchive
import GuardianCore
import GuardianHTTP
import GuardianWire
import NIOCore

// What an edge's pages show of the archive: all clips of its tenant, whichever device sent them, so that a new recorder
// also shows the clips of a stolen one.

extension ArchiveReception {
    func list(
        request: Guardian_V1_ArchiveQuery, context: ServerContext
    ) async throws -> Guardian_V1_ArchivePage {
        let archive = try reading(for: context)
        let json: ByteBuffer
        if !request.event.isEmpty {
            guard let event = EventID(request.event) else {
                throw GuardianError(.invalidArgument, "The event must be a UUID.")
            }
            json = try JSON.encode(try await archive.picture(event))
        } else if request.clip.isEmpty {
            guard request.parameters.count <= 16 else {
                throw GuardianError(.invalidArgument, "A query may have at most 16 parameters.")
            }
            let query = try QueryParameters(request.parameters, allowing: ArchiveQuery.parameters)
            let filter = try ArchiveQuery(query, cameras: archive.cameras)
            let (limit, cursor) = (try query.limit(), try query.cursor())
            json =
                request.kind == .snapshot
                ? try JSON.encode(try await archive.pictures(filter, limit, cursor))
                : try JSON.encode(try await archive.list(filter, limit, cursor))
        } else {
            guard let clip = ClipID(request.clip) else {
                throw GuardianError(.invalidArgument, "The clip must be a UUID.")
            }
            json = try JSON.encode(try await archive.clip(clip))
        }
        return Self.page(json)
    }

    func usage(request: Guardian_V1_UsageQuery, context: ServerContext) async throws -> Guardian_V1_ArchivePage {
        Self.page(try JSON.encode(try await reading(for: context).usage()))
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
        return Self.page(try JSON.encode(try await reading(for: context).hold(clip, true)))
    }

    private static func page(_ json: ByteBuffer) -> Guardian_V1_ArchivePage {
        .with { $0.json = Data(json.readableBytesView) }
    }

    func fetch(
        request: Guardian_V1_FetchRequest, response: RPCWriter<Guardian_V1_FetchReply>, context: ServerContext
    ) async throws {
        let archive = try reading(for: context)
        let name = try PartName(kind: request.kind, subject: request.subject, part: request.part)
        let content = try await archive.content(SealedItem(name))
        guard let offset = Int64(exactly: request.offset), offset <= content.size,
            let length = Int64(exactly: request.length), length <= content.size - offset
        else {
            throw GuardianError(.outOfRange, "The part has \(content.size) bytes; the requested range exceeds it.")
        }
        let range = offset..<(length == 0 ? content.size : offset + length)
        let delivery = range.isEmpty ? nil : try await content.open(range)
        try await response.write(
            .with {
                $0.size = UInt64(content.size)
                if !content.isGrowing { $0.etag = content.etag }
            })
        guard let delivery else { return }
        try await SealedContent.relay(delivery) { piece in
            try await response.write(.with { $0.bytes = Data(piece.readableBytesView) })
        }
    }

    private func reading(for context: ServerContext) throws -> ArchiveReading {
        ArchiveReading(try tenants.scope(device: try DeviceCertificate.fingerprint(of: context)))
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
