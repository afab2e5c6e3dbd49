import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Shows what can be proven about a sealed clip, and what cannot.",
        discussion: """
            The file is compared with what you name: the journal of a recorder or node (--config), the newest checkpoint \
            that a node has (--node), the device's key, your recovery code. Each line begins with proven, open (nothing \
            to compare with) or refuted. Exit code 1 when anything is refuted.

            Example: guardian archive verify clip.grdn --config edge.yaml --node https://localhost:8490 --code-file code.txt
            Example: guardian archive verify clip.grdn --device-key KEY --checkpoint checkpoint.bin
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "The configuration of a recorder or node on this machine, whose journal describes the file.")
    var config: String?

    @Option(help: "The node's web address: it has the newest checkpoint and the recorder's key.")
    var node: String?

    @OptionGroup var proof: ServerProofOptions

    @Option(help: "The recorder's Ed25519 key in base64url, from its journal, not from the file itself.")
    var deviceKey: DeviceKeyText?

    @Option(help: "A file with the newest checkpoint (144 bytes).")
    var checkpoint: String?

    func run() async throws {
        let source = try SealedSource.file(file)
        var verifier = ClipVerifier(
            checkpoint: try checkpoint.map(Self.checkpoint), deviceKey: deviceKey?.bytes,
            keys: try owner.secretIfGiven().map(OwnerKeys.init))
        if config != nil || node != nil, let header = try? await source.prefix().header {
            // When the file is not a sealed clip, `header` is missing and the verifier reports why.
            if let config { try JournalEvidence(config: config).add(for: header, to: &verifier) }
            if let node {
                let server = ArchiveServer(try proof.server(node))
                try await NodeEvidence(server: server).add(for: header, to: &verifier)
            }
        }
        let proof = try await verifier.verify(source)
        for statement in proof.statements { Console.line("\(statement.status.rawValue): \(statement.sentence)") }
        if !proof.holds { throw ExitCode(1) }
    }

    private static func checkpoint(_ path: String) throws -> Checkpoint {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw GuardianError(.notFound, "\(path) does not exist or cannot be read.")
        }
        return try Checkpoint(bytes: Array(try file.read(upToCount: Checkpoint.size + 1) ?? Data()))
    }
}
