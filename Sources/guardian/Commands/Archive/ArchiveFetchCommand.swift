import ArgumentParser
import Foundation
import GuardianCore
import GuardianHTTP

struct ArchiveFetchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Brings a clip's sealed files here, as the archive holds them.",
        discussion: """
            The files are as sealed as before; `guardian archive open` opens them.

            Example: guardian archive fetch 0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b --config edge.yaml --output clip.grdn
            """)

    @Argument(help: "The clip's id, as `guardian archive list` shows it.")
    var clip: String

    @OptionGroup var server: ArchiveServerOptions

    @Option(help: "A folder, where each part becomes CLIP-PART.grdn, or the file for a single part.")
    var output = "."

    @Option(help: "Only this part, from 0.")
    var part: Int?

    func validate() throws {
        guard ClipID(clip) != nil else { throw ValidationError("\(clip) is no clip's id; one is a UUID.") }
    }

    func run() async throws {
        guard let id = ClipID(clip) else { return }
        let server = try server.server()
        let parts = try await server.clip(id).parts.filter { part == nil || $0.part == part }
        guard !parts.isEmpty else {
            throw GuardianError(.notFound, "The archive has no part \(part ?? 0) of clip \(id).")
        }
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        guard isFolder.boolValue || parts.count == 1 else {
            throw GuardianError(
                .invalidArgument,
                "The clip has \(parts.count) parts: name a folder that is there as --output, or one with --part.")
        }
        for part in parts {
            let path = isFolder.boolValue ? "\(output)/\(id)-\(part.part).grdn" : output
            try await fetch(part, of: id, from: server, to: path)
            Console.line(path)
        }
    }

    private func fetch(
        _ part: ArchivedPartView, of clip: ClipID, from server: ArchiveServer, to path: String
    ) async throws {
        let file = try WholeFile(path)
        try await server.fetch(clip, part: part.part) { try file.append($0) }
        // While it grows there is no hash yet.
        if let sha256 = part.sha256, file.sha256 != sha256 {
            throw GuardianError(
                .dataLoss, "Part \(part.part) is not what the node stored: its SHA-256 differs. The store changed it.")
        }
        try file.place()
    }
}
