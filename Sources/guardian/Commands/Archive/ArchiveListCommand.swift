import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP

struct ArchiveListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the archive's clips or snapshots, newest first.",
        discussion: """
            Example: guardian archive list --config /etc/guardian/edge.yaml --camera front
            Example: guardian archive list --node https://localhost:8490 --status interrupted --json
            Example: guardian archive list --config /etc/guardian/edge.yaml --snapshots
            """)

    @OptionGroup var server: ArchiveServerOptions

    @Option(help: "A camera's alias or UUID.")
    var camera: String?

    @Option(help: "The start of the time range (inclusive), such as 2026-11-24T06:00:00Z.")
    var from: String?

    @Option(help: "The end of the time range (exclusive).")
    var to: String?

    @Option(help: "pending, uploading, stored, interrupted, failed or refused.")
    var status: String?

    @Option(help: "Only clips or snapshots of this event.")
    var event: String?

    @Option(help: "The maximum number of items.")
    var limit = 50

    @Flag(help: "List events' snapshots instead of clips.")
    var snapshots = false

    @Flag(help: "Print each item as a line of JSON, as in the web API.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        let server = try server.server()
        var (left, cursor) = (limit, String?.none)
        repeat {
            let query = [
                ("camera", camera), ("from", from), ("to", to), ("status", status), ("event", event),
                ("limit", "\(min(left, 200))"), ("cursor", cursor),
            ]
            let (count, next) =
                snapshots
                ? try await show(server.pictures(query), Self.line) : try await show(server.list(query), Self.line)
            left -= count
            cursor = next
        } while left > 0 && cursor != nil
    }

    private func show<Item: Codable & Sendable>(
        _ page: PageView<Item>, _ line: (Item) -> String
    ) throws -> (count: Int, next: String?) {
        for item in page.items { Console.line(json ? String(buffer: try JSON.encode(item)) : line(item)) }
        return (page.items.count, page.nextCursor)
    }

    private static func line(_ picture: ArchivedPictureView) -> String {
        var columns = [
            picture.startedAt.time.rfc3339, picture.eventId.description, picture.status.rawValue,
            "\(picture.file.size) bytes", picture.camera ?? picture.cameraId.description, "picture",
        ]
        if let reason = picture.reason { columns.append(reason) }
        return columns.joined(separator: "  ")
    }

    private static func line(_ clip: ArchivedClipView) -> String {
        var columns = [
            clip.startedAt.time.rfc3339, clip.clipId.description, clip.status.rawValue, "\(clip.size) bytes",
            clip.camera ?? clip.cameraId.description,
        ]
        if clip.parts.count > 1 { columns.append("\(clip.parts.count) parts") }
        if !clip.pictures.isEmpty {
            columns.append(clip.pictures.count == 1 ? "1 picture" : "\(clip.pictures.count) pictures")
        }
        if let reason = clip.reason { columns.append(reason) }
        return columns.joined(separator: "  ")
    }
}
