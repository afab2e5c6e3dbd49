import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP

struct ArchiveFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Downloads a clip's sealed files, or an event's sealed snapshot, from the archive.",
        discussion: """
            The files stay sealed; `guardian archive open` opens them.

            Example: guardian archive fetch 0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b --config edge.yaml --output clip.grdn
            Example: guardian archive fetch --snapshot 0192f7c0-70a2-7f15-8e4b-1c2d3e4f5a6b --config edge.yaml --output picture.grdn
            """)

    @Argument(help: "The clip's id, as `guardian archive list` shows it; with --snapshot the event's id.")
    var clip: String

    @OptionGroup var server: ArchiveServerOptions

    @Option(help: "A folder, in which each part becomes CLIP-PART.grdn, or a file for a single part.")
    var output = "."

    @Option(help: "Only this part, from 0.")
    var part: Int?

    @Flag(help: "The id is an event's: fetch its sealed snapshot.")
    var snapshot = false

    func validate() throws {
        guard ClipID(clip) != nil else {
            throw ValidationError("\(clip) is not \(snapshot ? "an event" : "a clip")'s id: give a UUID.")
        }
        if snapshot, part != nil { throw ValidationError("A snapshot has no parts: remove --part.") }
    }

    func run() async throws {
        guard let id = ClipID(clip) else { return }
        let server = try server.server()
        if snapshot { return try await fetchSnapshot(of: EventID(id.uuid), from: server) }
        let parts = try await server.clip(id).parts.filter { part == nil || $0.part == part }
        guard !parts.isEmpty else {
            throw GuardianError(.notFound, "The archive has no part \(part ?? 0) of clip \(id).")
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        guard isFolder.boolValue || parts.count == 1 else {
            throw GuardianError(
                .invalidArgument,
                "The clip has \(parts.count) parts: give an existing folder as --output, or one part with --part.")
        }
        for part in parts {
            let path = isFolder.boolValue ? "\(output)/\(id)-\(part.part).grdn" : output
            try await fetch(.part(id, part.part), sha256: part.sha256, from: server, to: path)
            Console.line(path)
        }
    }

    private func fetchSnapshot(of event: EventID, from server: ArchiveServer) async throws {
        let picture = try await server.picture(of: event)
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        let path = isFolder.boolValue ? "\(output)/\(event).grdn" : output
        try await fetch(.snapshot(event), sha256: picture.file.sha256, from: server, to: path)
        Console.line(path)
    }

    private func fetch(
        _ item: SealedItem, sha256: Hash256?, from server: ArchiveServer, to path: String
    ) async throws {
        let file = try AtomicFile(path)
        try await server.fetch(item) { try file.append($0) }
        // A part that is still being uploaded has no hash yet.
        if let sha256, file.sha256 != sha256 {
            let what = if case .part(_, let part) = item { "Part \(part)" } else { "The snapshot" }
            throw GuardianError(
                .dataLoss, "\(what) is not what the node stored: its SHA-256 differs. The object store changed it.")
        }
        try file.commit()
    }
}
