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

    @Option(help: "Only clips that show this event.")
    var event: String?

    @Option(help: "So many clips at most.")
    var limit = 50

    @Flag(help: "A line of JSON a clip, as the web API gives it.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1 on.") }
    }

    func run() async throws {
        let server = try server.server()
        var (left, cursor) = (limit, String?.none)
        repeat {
            let page = try await server.list([
                ("camera", camera), ("from", from), ("to", to), ("status", status), ("event", event),
                ("limit", "\(min(left, 200))"), ("cursor", cursor),
            ])
            for clip in page.items { Console.line(json ? try Self.json(clip) : Self.line(clip)) }
            left -= page.items.count
            cursor = page.nextCursor
        } while left > 0 && cursor != nil
    }

    private static func json(_ clip: ArchivedClipView) throws -> String { String(buffer: try JSON.encode(clip)) }

    private static func line(_ clip: ArchivedClipView) -> String {
        var words = [
            clip.startedAt.time.rfc3339, clip.clipId.description, clip.status.rawValue, "\(clip.size) bytes",
            clip.camera ?? clip.cameraId.description,
        ]
        if clip.parts.count > 1 { words.append("\(clip.parts.count) parts") }
        if let reason = clip.reason { words.append(reason) }
        return words.joined(separator: "  ")
    }
}
