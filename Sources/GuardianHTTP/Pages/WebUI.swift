import Foundation
import GuardianCore
import Hummingbird

/// The files of the Web UI: every file of a folder, read once at start.
public struct WebUI: Sendable {
    /// Where the pages are served: each has pages that the other lacks.
    public enum Server: String, Sendable, Decodable {
        case edge, node
        /// A node, for its operators.
        case operators
    }

    /// Files by URL path; the path begins with a slash.
    let files: [String: StaticFile]

    /// The paths that are answered with `index.html`; its script selects the page.
    let pages: [String]
    /// What `index.html` has of the server; the scripts read it.
    private static let mark = "data-server=\"edge\""
    /// The table of pages, which the browser's router reads too.
    private static let table = "ui/shell/pages.js"

    /// Reads the Web UI of the resource bundle.
    ///
    /// - Throws: `failed_precondition` when the resource bundle is missing.
    public static func bundled(for server: Server) throws -> WebUI {
        guard let folder = Bundle.module.url(forResource: "WebUI", withExtension: nil) else {
            throw GuardianError(
                .failedPrecondition, "The Web UI's files are missing beside the program: install Guardian again.")
        }
        return try WebUI(folder: folder, for: server)
    }

    /// - Throws: `failed_precondition` when there is no `index.html` in the folder, or a file cannot be read.
    public init(folder: URL, for server: Server) throws {
        let root = folder.standardizedFileURL.path
        var files: [String: StaticFile] = [:]
        let names = FileManager.default.enumerator(atPath: root)
        while let name = names?.nextObject() as? String {
            guard let type = Self.types[URL(filePath: name).pathExtension] else { continue }
            guard var bytes = FileManager.default.contents(atPath: root + "/" + name) else {
                throw GuardianError(
                    .failedPrecondition, "The Web UI's file \(name) cannot be read: install Guardian again.")
            }
            if name == "index.html", let place = bytes.range(of: Data(Self.mark.utf8)) {
                bytes.replaceSubrange(place, with: Data("data-server=\"\(server.rawValue)\"".utf8))
            }
            files["/" + name] = StaticFile(bytes: [UInt8](bytes), contentType: type)
        }
        guard files["/index.html"] != nil else {
            throw GuardianError(
                .failedPrecondition, "The Web UI's files are missing beside the program: install Guardian again.")
        }
        self.files = files
        pages = try Self.pages(in: FileManager.default.contents(atPath: "\(root)/\(Self.table)") ?? Data(), of: server)
    }

    /// Returns a server's paths of the table of pages: a script in which the text from the first bracket to the last is JSON.
    ///
    /// - Throws: `failed_precondition` when it is no such table.
    static func pages(in script: Data, of server: Server) throws -> [String] {
        struct Page: Decodable {
            var paths: [String]
            var servers: [Server]?
        }
        guard let first = script.firstIndex(of: UInt8(ascii: "[")), let last = script.lastIndex(of: UInt8(ascii: "]")),
            first < last, let pages = try? JSONDecoder().decode([Page].self, from: script[first...last])
        else {
            throw GuardianError(
                .failedPrecondition, "The Web UI's file \(Self.table) cannot be read: install Guardian again.")
        }
        // An address of the node's pages must not be an answer in JSON to a browser that an operator uses.
        let served = pages.filter { page in
            page.servers.map { $0.contains(server) || (server == .operators && $0.contains(.node)) } ?? true
        }
        return Array(Set(served.flatMap(\.paths))).sorted()
    }

    /// Content types by file name extension; files with another extension are not served.
    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
        "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp", "ico": "image/x-icon",
        "json": "application/json", "webmanifest": "application/manifest+json", "woff2": "font/woff2",
        "txt": "text/plain; charset=utf-8",
    ]
}
