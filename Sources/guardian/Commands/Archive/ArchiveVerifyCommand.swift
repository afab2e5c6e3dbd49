import ArgumentParser
import Foundation
import GuardianArchive
import GuardianCore

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Says what a sealed clip proves, and what it does not.",
        discussion: """
            Each line begins with proven, open (nothing to hold it against) or refuted. Exit 1 when anything is refuted.

            Example: guardian archive verify clip.grdn --device-key KEY --checkpoint checkpoint.bin --code-file code.txt
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "The recorder's Ed25519 key in base64url, from its journal: never from the file itself.")
    var deviceKey: DeviceKeyText?

    @Option(help: "A file with the 144 bytes of the newest checkpoint.")
    var checkpoint: String?

    func run() async throws {
        let verifier = ClipVerifier(
            checkpoint: try checkpoint.map(Self.checkpoint), deviceKey: deviceKey?.bytes,
            keys: try owner.secretIfGiven().map(OwnerKeys.init))
        let proof = try await verifier.verify(SealedSource.file(file))
        for finding in proof.findings { Console.line("\(finding.standing.rawValue): \(finding.sentence)") }
        if !proof.holds { throw ExitCode(1) }
    }

    private static func checkpoint(_ path: String) throws -> Checkpoint {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw GuardianError(.notFound, "There is no file \(path) to read.")
        }
        return try Checkpoint(bytes: Array(try file.read(upToCount: Checkpoint.size + 1) ?? Data()))
    }
}
