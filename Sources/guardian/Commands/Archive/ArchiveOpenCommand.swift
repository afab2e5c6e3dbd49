import ArgumentParser
import GuardianArchive
import GuardianCore

struct ArchiveOpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a sealed clip with its owner's recovery code.",
        discussion: """
            If the recording was interrupted, the complete segments are written. If the file is damaged, nothing is \
            written; --partial writes the segments before one that is cut off at the end.

            Example: guardian archive open clip.grdn --code-file recovery-code.txt --output clip.mp4
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "The file for the opened clip; an existing file is replaced.")
    var output: String

    @Flag(help: "Write the complete segments of a file whose last segment is cut off.")
    var partial = false

    @Option(help: "The recorder's Ed25519 key in base64url: clips of other devices are refused.")
    var deviceKey: DeviceKeyText?

    func run() async throws {
        let keys = try OwnerKeys(owner.secret())
        let opener = ClipOpener(keys, expecting: ClipOpener.Expectation(deviceKey: deviceKey?.bytes))
        let clip = try await opener.open(SealedSource.file(file))
        let opened = try AtomicFile(output)
        let result = try await clip.stream(salvaging: partial) { try opened.append($0) }
        if case .refused(let refusal) = result.outcome { throw refusal.error }
        try opened.commit()
        if deviceKey == nil {
            Console.note("It was not checked which device signed it: use --device-key KEY to check.")
        }
        if !clip.prefix.isPostQuantum {
            Console.note("One of its recipients is not safe against quantum computers.")
        }
        switch result.outcome {
        case .interrupted where result.tornBytes > 0:
            Console.line(
                "interrupted: \(result.plaintextLength) bytes in \(output); \(result.tornBytes) bytes of an incomplete segment were left out."
            )
        case .interrupted:
            Console.line(
                "interrupted: \(result.plaintextLength) bytes in \(output), up to where the recording was interrupted.")
        default: Console.line("complete: \(result.plaintextLength) bytes in \(output).")
        }
    }
}
