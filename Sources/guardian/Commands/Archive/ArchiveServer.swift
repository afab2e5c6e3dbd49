import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// A client of a node's or recorder's archive API.
struct ArchiveServer: Sendable {
    private static let pageLimit = 16 << 20

    private let url: String
    private let token: Secret<String>?

    /// - Throws: `invalidArgument` when it is not a web address, or when a token would be sent unencrypted.
    init(url: String, token: Secret<String>?) throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw GuardianError(.invalidArgument, "\(url) is not a web address such as http://127.0.0.1:8490.")
        }
        guard token == nil || url.hasPrefix("https://") || Self.isLoopback(url) else {
            throw GuardianError(
                .invalidArgument,
                "A token is sent only over https or to this machine: \(url) would send it unencrypted.")
        }
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    /// Returns a page of clips, newest first.
    func list(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedClipView> {
        try await get(Self.path("/api/v1/archive", query))
    }

    /// Returns a page of events' sealed snapshots, newest first.
    func pictures(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedPictureView> {
        try await get(Self.path("/api/v1/archive/events", query))
    }

    func picture(of event: EventID) async throws -> ArchivedPictureView {
        try await get("/api/v1/archive/events/\(event)")
    }

    func clip(_ clip: ClipID) async throws -> ArchivedClipView { try await get("/api/v1/archive/\(clip)") }

    /// Returns the keys of the devices that the node knows; empty when the server is a recorder.
    func deviceKeys() async throws -> [String] {
        struct Edge: Codable { var deviceKey: String }
        do {
            let page: PageView<Edge> = try await get("/api/v1/edges")
            return page.items.map(\.deviceKey)
        } catch let error as GuardianError where error.code == .notFound { return [] }
    }

    /// Downloads a sealed file into `sink`. After a connection failure it continues where the download ended.
    func fetch(_ item: SealedItem, into sink: ([UInt8]) throws -> Void) async throws {
        var (offset, tag, failures) = (Int64(0), String?.none, 0)
        while true {
            let start = offset
            do {
                let response = try await request(
                    Self.path(of: item), range: offset > 0 ? (offset, tag ?? "") : nil)
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
                guard failures < 5, !Task.isCancelled else { throw failure(error) }
                let backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))
                try await Task.sleep(for: backoff.delay(after: failures + 1))
            }
        }
    }

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        do {
            let response = try await request(path, range: nil)
            let body = try await response.body.collect(upTo: Self.pageLimit)
            return try JSONDecoder().decode(Answer.self, from: Data(buffer: body))
        } catch { throw failure(error) }
    }

    private func request(_ path: String, range: (start: Int64, tag: String)?) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: url + path)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token.reveal())") }
        if let range {
            request.headers.add(name: "range", value: "bytes=\(range.start)-")
            request.headers.add(name: "if-range", value: range.tag)
        }
        let response = try await HTTPClient.shared.execute(request, deadline: .now() + .hours(24))
        guard (200..<300).contains(response.status.code) else {
            let body = try await response.body.collect(upTo: 1 << 20)
            guard let problem = try? JSONDecoder().decode(Problem.self, from: Data(buffer: body)) else {
                throw GuardianError(
                    .unavailable, "\(url) answered with \(response.status.code) and is not a Guardian server.")
            }
            throw GuardianError(problem.code, problem.detail)
        }
        return response
    }

    private func failure(_ error: any Error) -> GuardianError {
        if let error = error as? GuardianError { return error }
        return GuardianError(
            .unavailable, "\(url) does not answer: check the address, and that Guardian runs there.", cause: error)
    }

    private static func isLoopback(_ url: String) -> Bool {
        URLComponents(string: url)?.host.map { ["localhost", "127.0.0.1", "[::1]", "::1"].contains($0) } ?? false
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
