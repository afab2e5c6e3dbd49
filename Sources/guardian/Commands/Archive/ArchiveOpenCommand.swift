import ArgumentParser
import GuardianArchive
import GuardianCore

struct ArchiveOpenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Opens a sealed clip with its owner's code.",
        discussion: """
            A clip that was cut off while it was recorded gives its whole segments. A damaged one gives nothing; --partial \
            keeps what stands before a segment that is cut off at the end.

            Example: guardian archive open clip.grdn --code-file recovery-code.txt --output clip.mp4
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "Where the opened clip goes; a file of that name is replaced.")
    var output: String

    @Flag(help: "Keep the whole segments of a file whose last one is cut off.")
    var partial = false

    @Option(help: "The recorder's Ed25519 key in base64url: clips of any other device are refused.")
    var deviceKey: DeviceKeyText?

    func run() async throws {
        let keys = try OwnerKeys(owner.secret())
        let opener = ClipOpener(keys, expecting: ClipOpener.Expectation(deviceKey: deviceKey?.bytes))
        let clip = try await opener.open(SealedSource.file(file))
        let opened = try WholeFile(output)
        let result = try await clip.stream(salvaging: partial) { try opened.append($0) }
        if case .refused(let refusal) = result.outcome { throw refusal.error }
        try opened.place()
        if deviceKey == nil {
            Console.note("Which device signed it was not checked; --device-key KEY does that.")
        }
        if !clip.prefix.isPostQuantum {
            Console.note("One of its recipients is not safe from quantum computers.")
        }
        switch result.outcome {
        case .interrupted where result.tornBytes > 0:
            Console.line(
                "interrupted: \(result.plaintextLength) bytes in \(output); \(result.tornBytes) behind them were not whole."
            )
        case .interrupted:
            Console.line(
                "interrupted: \(result.plaintextLength) bytes in \(output), up to where the recording was cut off.")
        default: Console.line("complete: \(result.plaintextLength) bytes in \(output).")
        }
    }
}
