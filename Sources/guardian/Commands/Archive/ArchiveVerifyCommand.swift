import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Says what a sealed clip proves, and what it does not.",
        discussion: """
            It is held against what you name: the journal of a recorder or node (--config), the newest checkpoint that a \
            node holds (--node), the device's key, your code. Each line begins with proven, open (nothing to hold it \
            against) or refuted. Exit 1 when anything is refuted.

            Example: guardian archive verify clip.grdn --config edge.yaml --node http://127.0.0.1:8490 --code-file code.txt
            Example: guardian archive verify clip.grdn --device-key KEY --checkpoint checkpoint.bin
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "The configuration of a recorder or node on this machine: its journal tells what the file must be.")
    var config: String?

    @Option(help: "The node's web address: it holds the newest checkpoint, and knows the recorder's key.")
    var node: String?

    @Option(help: "A file with a token, for a node that asks for one.")
    var tokenFile: String?

    @Option(help: "The recorder's Ed25519 key in base64url, from its journal: never from the file itself.")
    var deviceKey: DeviceKeyText?

    @Option(help: "A file with the 144 bytes of the newest checkpoint.")
    var checkpoint: String?

    func run() async throws {
        let source = try SealedSource.file(file)
        var verifier = ClipVerifier(
            checkpoint: try checkpoint.map(Self.checkpoint), deviceKey: deviceKey?.bytes,
            keys: try owner.secretIfGiven().map(OwnerKeys.init))
        if config != nil || node != nil, let header = try? await source.prefix().header {
            // What is no sealed clip, the verifier says better.
            if let config { try JournalWitness(config: config).testify(about: header, to: &verifier) }
            if let node {
                let server = try ArchiveServer(url: node, token: try tokenFile.map(SecretFile.text(of:)))
                try await NodeWitness(server: server).testify(about: header, to: &verifier)
            }
        }
        let proof = try await verifier.verify(source)
        for statement in proof.statements { Console.line("\(statement.standing.rawValue): \(statement.sentence)") }
        if !proof.holds { throw ExitCode(1) }
    }

    private static func checkpoint(_ path: String) throws -> Checkpoint {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw GuardianError(.notFound, "There is no file \(path) to read.")
        }
        return try Checkpoint(bytes: Array(try file.read(upToCount: Checkpoint.size + 1) ?? Data()))
    }
}
