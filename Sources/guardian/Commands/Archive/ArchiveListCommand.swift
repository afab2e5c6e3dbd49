import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP

struct ArchiveListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows what the archive holds, newest first.",
        discussion: """
            Example: guardian archive list --config /etc/guardian/edge.yaml --camera front
            Example: guardian archive list --node http://127.0.0.1:8490 --status interrupted --json
            Example: guardian archive list --config /etc/guardian/edge.yaml --snapshots
            """)

    @OptionGroup var server: ArchiveServerOptions

    @Option(help: "A camera's id, or its UUID.")
    var camera: String?

    @Option(help: "The first moment that is in, such as 2026-11-24T06:00:00Z.")
    var from: String?

    @Option(help: "The first moment that is out.")
    var to: String?

    @Option(help: "pending, uploading, stored, interrupted, failed or refused.")
    var status: String?

    @Option(help: "Only what shows this event.")
    var event: String?

    @Option(help: "So many at most.")
    var limit = 50

    @Flag(help: "Events' pictures in place of clips.")
    var snapshots = false

    @Flag(help: "A line of JSON each, as the web API gives it.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1 on.") }
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
        var words = [
            picture.startedAt.time.rfc3339, picture.eventId.description, picture.status.rawValue,
            "\(picture.file.size) bytes", picture.camera ?? picture.cameraId.description, "picture",
        ]
        if let reason = picture.reason { words.append(reason) }
        return words.joined(separator: "  ")
    }

    private static func line(_ clip: ArchivedClipView) -> String {
        var words = [
            clip.startedAt.time.rfc3339, clip.clipId.description, clip.status.rawValue, "\(clip.size) bytes",
            clip.camera ?? clip.cameraId.description,
        ]
        if clip.parts.count > 1 { words.append("\(clip.parts.count) parts") }
        if !clip.pictures.isEmpty {
            words.append(clip.pictures.count == 1 ? "1 picture" : "\(clip.pictures.count) pictures")
        }
        if let reason = clip.reason { words.append(reason) }
        return words.joined(separator: "  ")
    }
}
