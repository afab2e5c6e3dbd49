import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import NIOCore
import NIOHTTP1

/// A client of a node's or recorder's archive API.
struct ArchiveServer: Sendable {
    private let client: APIClient

    init(_ server: ServerAddress) { client = APIClient(server) }

    /// Returns a page of clips, newest first.
    func list(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedClipView> {
        try await client.get(Self.path("/api/v1/archive", query))
    }

    /// Returns a page of events' sealed snapshots, newest first.
    func pictures(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedPictureView> {
        try await client.get(Self.path("/api/v1/archive/events", query))
    }

    func picture(of event: EventID) async throws -> ArchivedPictureView {
        try await client.get("/api/v1/archive/events/\(event)")
    }

    func clip(_ clip: ClipID) async throws -> ArchivedClipView { try await client.get("/api/v1/archive/\(clip)") }

    /// Returns the keys of the devices that the node knows; empty when the server is a recorder.
    func deviceKeys() async throws -> [String] {
        struct Edge: Codable { var deviceKey: String }
        do {
            let page: PageView<Edge> = try await client.get("/api/v1/edges")
            return page.items.map(\.deviceKey)
        } catch let error as GuardianError where error.code == .notFound { return [] }
    }

    /// Downloads a sealed file into `sink`. After a connection failure it continues where the download ended.
    func fetch(_ item: SealedItem, into sink: ([UInt8]) throws -> Void) async throws {
        var (offset, tag, failures) = (Int64(0), String?.none, 0)
        while true {
            let start = offset
            do {
                let rest: HTTPHeaders = offset > 0 ? ["range": "bytes=\(offset)-", "if-range": tag ?? ""] : [:]
                let response = try await client.request(Self.path(of: item), headers: rest)
                guard offset == 0 || response.status == .partialContent else {
                    throw GuardianError(.aborted, "The sealed file changed while it was fetched; fetch it again.")
                }
                tag = response.headers.first(name: "etag")
                for try await piece in response.body {
                    try sink(Array(piece.readableBytesView))
                    offset += Int64(piece.readableBytes)
                }
                return
            } catch let error as GuardianError where !error.isRetryable || error.code == .aborted {
                throw error
            } catch {
                failures = offset > start ? 0 : failures + 1
                guard failures < 5, !Task.isCancelled else { throw client.failure(error) }
                let backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))
                try await Task.sleep(for: backoff.delay(after: failures + 1))
            }
        }
    }

    private static func path(of item: SealedItem) -> String {
        switch item {
        case .part(let clip, let part): "/api/v1/archive/\(clip)?part=\(part)"
        case .snapshot(let event): "/api/v1/archive/events/\(event)/snapshot"
        }
    }

    private static func path(_ path: String, _ query: [(name: String, value: String?)]) -> String {
        let pairs = query.compactMap { pair in pair.value.map { "\(pair.name)=\(escaped($0))" } }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }
}
