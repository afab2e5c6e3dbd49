import AsyncHTTPClient
import Foundation
import GuardianCore
import GuardianHTTP
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@Suite("Pages")
struct PageSerialTests {
    private static let table = #"""
        export const pages = [
            { "paths": ["/", "/live", "/live/{id}"] }, { "paths": ["/events", "/events/{id}", "/system"], "title": "x" }
        ];
        """#

    private func folder(_ files: [String: String]) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        for (name, text) in ["ui/shell/pages.js": Self.table].merging(files, uniquingKeysWith: { $1 }) {
            let url = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        return folder
    }

    @Test(
        "every page is index.html, whatever its query",
        arguments: [
            "/", "/live", "/live/front", "/events?camera=front&day=2026-11-24",
            "/events/0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b", "/system",
        ])
    func pages(path: String) async throws {
        let folder = try folder(["index.html": "<!doctype html>", "ui/app.js": "1"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = try WebUI(folder: folder, for: .edge)
        try await application { $0.addPages(pages) }.test(.router) { client in
            let response = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "text/html; charset=utf-8")
            #expect(String(buffer: response.body) == "<!doctype html>")
        }
    }

    @Test("files have their type and a tag that saves sending them again")
    func files() async throws {
        let folder = try folder(["index.html": "x", "ui/app.js": "1", "ui/a.css": "b{}", "secret.pem": "no"])
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = try WebUI(folder: folder, for: .edge)
        try await application { $0.addPages(pages) }.test(.router) { client in
            let script = try await client.executeRequest(uri: "/ui/app.js", method: .get, headers: [:], body: nil)
            #expect(script.headers[.contentType] == "text/javascript; charset=utf-8")
            #expect(script.headers[.cacheControl] == "no-cache")
            let tag = try #require(script.headers[.eTag])
            let again = try await client.executeRequest(
                uri: "/ui/app.js", method: .get, headers: [.ifNoneMatch: tag], body: nil)
            #expect(again.status == .notModified)
            #expect(again.body.readableBytes == 0)
            let style = try await client.executeRequest(uri: "/ui/a.css", method: .get, headers: [:], body: nil)
            #expect(style.headers[.contentType] == "text/css; charset=utf-8")
            for path in ["/secret.pem", "/ui", "/../Package.swift", "/ui/%2e%2e/secret.pem"] {
                let other = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
                #expect(other.status == .notFound)
            }
        }
    }

    @Test("a browser that takes gzip gets it, under a tag of its own, and finds the same bytes in it")
    func gzip() async throws {
        // Repetitions at short and long distances, bytes over 143, and runs of the maximum match length.
        let text =
            (0..<4000).map { "line \($0 % 97) ä\u{FF}" }.joined(separator: "\n") + String(repeating: "x", count: 5000)
        let folder = try folder(["index.html": "x", "big.js": text, "image.png": text])
        defer { try? FileManager.default.removeItem(at: folder) }
        let pages = try WebUI(folder: folder, for: .edge)
        try await withServer(routes: { $0.addPages(pages) }) { port, _ in
            let client = HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: HTTPClient.Configuration(decompression: .enabled(limit: .none)))
            do {
                let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/big.js")
                let response = try await client.execute(request, timeout: .seconds(120))
                #expect(response.headers["content-encoding"] == ["gzip"])
                #expect(response.headers["vary"] == ["Accept-Encoding"])
                let length = try #require(response.headers.first(name: "content-length").flatMap(Int.init))
                #expect(length < text.utf8.count / 4)
                let body = try await response.body.collect(upTo: 1 << 20)
                #expect(String(buffer: body) == text)
            } catch {
                try await client.shutdown()
                throw error
            }
            try await client.shutdown()
            for (path, field) in [("/big.js", "gzip;q=0, br"), ("/big.js", "identity"), ("/image.png", "gzip")] {
                let plain = try await Wire.connect(port) { wire in
                    try await wire.send("GET \(path) HTTP/1.1", "Host: localhost", "Accept-Encoding: \(field)")
                    return try await wire.answer()
                }
                #expect(plain["content-encoding"] == nil)
                #expect(plain.text == text)
            }
        }
    }

    @Test("the program's own pages are there, its scripts also as gzip, and a folder without index.html is refused")
    func bundled() async throws {
        let bundled = try WebUI.bundled(for: .edge)
        try await application { $0.addPages(bundled) }.test(.router) { client in
            let plain = try await client.executeRequest(
                uri: "/ui/events/page.js", method: .get, headers: [:], body: nil)
            let packed = try await client.executeRequest(
                uri: "/ui/events/page.js", method: .get, headers: [.acceptEncoding: "gzip"], body: nil)
            #expect(packed.status == .ok && packed.headers[.contentEncoding] == "gzip")
            #expect(packed.body.readableBytes < plain.body.readableBytes)
        }
        let folder = try folder(["a.js": "1"])
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: GuardianError.self) { _ = try WebUI(folder: folder, for: .edge) }
        let other = try self.folder(["index.html": "x", "ui/shell/pages.js": "export const pages = [1];"])
        defer { try? FileManager.default.removeItem(at: other) }
        #expect(throws: GuardianError.self) { _ = try WebUI(folder: other, for: .edge) }
    }

    @Test("of a node are those that it has something for, and its document says so")
    func node() async throws {
        let (edge, node) = (try WebUI.bundled(for: .edge), try WebUI.bundled(for: .node))
        for (pages, word, settings) in [(edge, "edge", HTTPResponse.Status.ok), (node, "node", .notFound)] {
            try await application { $0.addPages(pages) }.test(.router) { client in
                func get(_ path: String) async throws -> TestResponse {
                    try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
                }
                let document = String(buffer: try await get("/events").body)
                #expect(document.contains("data-server=\"\(word)\""))
                let answer = try await get("/settings").status
                #expect(answer == settings)
            }
        }
    }

    @Test("health is reported, with what is missing", arguments: [[], ["The AI service is starting."]])
    func health(reasons: [String]) async throws {
        try await application { $0.addHealth { Readiness(reasons: reasons) } }.test(.router) { client in
            let alive = try await client.executeRequest(uri: "/healthz", method: .get, headers: [:], body: nil)
            #expect(alive.status == .ok)
            let ready = try await client.executeRequest(uri: "/readyz", method: .get, headers: [:], body: nil)
            if let reason = reasons.first {
                #expect(try problem(ready).status == 503)
                #expect(try problem(ready).detail == reason)
            } else {
                #expect(ready.status == .ok)
            }
        }
    }

    @Test("the description of the API is served", arguments: OpenAPIDescription.allCases)
    func description(name: OpenAPIDescription) async throws {
        try await application { try $0.addDescription(name) }.test(.router) { client in
            let response = try await client.executeRequest(
                uri: "/api/v1/openapi.yaml", method: .get, headers: [:], body: nil)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/yaml")
            #expect(String(buffer: response.body).hasPrefix("openapi: 3.1"))
        }
    }
}
