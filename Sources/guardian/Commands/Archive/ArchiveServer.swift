import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// An archive as its server's web API shows it.
struct ArchiveServer: Sendable {
    private static let pageLimit = 16 << 20

    private let url: String
    private let token: Secret<String>?

    /// - Throws: `invalidArgument` when it is no web address, or one to which a token would travel in clear.
    init(url: String, token: Secret<String>?) throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw GuardianError(.invalidArgument, "\(url) is no web address; one reads http://127.0.0.1:8490.")
        }
        guard token == nil || url.hasPrefix("https://") || Self.isLoopback(url) else {
            throw GuardianError(
                .invalidArgument,
                "A token goes over https only, or to this machine; \(url) would show it to the network.")
        }
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    /// A page of clips, newest first.
    func list(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedClipView> {
        try await get(Self.path("/api/v1/archive", query))
    }

    /// A page of events' sealed pictures, newest first.
    func pictures(_ query: [(name: String, value: String?)]) async throws -> PageView<ArchivedPictureView> {
        try await get(Self.path("/api/v1/archive/events", query))
    }

    func picture(of event: EventID) async throws -> ArchivedPictureView {
        try await get("/api/v1/archive/events/\(event)")
    }

    func clip(_ clip: ClipID) async throws -> ArchivedClipView { try await get("/api/v1/archive/\(clip)") }

    /// The keys of the devices that the node knows; empty when it is a recorder that was asked.
    func deviceKeys() async throws -> [String] {
        struct Edge: Codable { var deviceKey: String }
        do {
            let page: PageView<Edge> = try await get("/api/v1/edges")
            return page.items.map(\.deviceKey)
        } catch let error as GuardianError where error.code == .notFound { return [] }
    }

    /// Brings a sealed file into `sink`, over as many connections as it takes; each goes on where the one before ended.
    func fetch(_ item: SealedItem, into sink: ([UInt8]) throws -> Void) async throws {
        var (offset, tag, tries) = (Int64(0), String?.none, 0)
        while true {
            let start = offset
            do {
                let response = try await answer(
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
                tries = offset > start ? 0 : tries + 1
                guard tries < 5, !Task.isCancelled else { throw failure(error) }
                try await Task.sleep(for: Backoff(base: .milliseconds(200), limit: .seconds(5)).delay(after: tries + 1))
            }
        }
    }

    private func get<Answer: Decodable>(_ path: String) async throws -> Answer {
        do {
            let response = try await answer(path, range: nil)
            let body = try await response.body.collect(upTo: Self.pageLimit)
            return try JSONDecoder().decode(Answer.self, from: Data(buffer: body))
        } catch { throw failure(error) }
    }

    private func answer(_ path: String, range: (start: Int64, tag: String)?) async throws -> HTTPClientResponse {
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
                throw GuardianError(.unavailable, "\(url) answers with \(response.status.code) and is no Guardian.")
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
