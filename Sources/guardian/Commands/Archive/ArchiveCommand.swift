import ArgumentParser

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Sealed clips: opens them, and checks what they prove.",
        discussion: "Example: guardian archive open clip.grdn --code-file recovery-code.txt --output clip.mp4",
        subcommands: [ArchiveOpenCommand.self, ArchiveVerifyCommand.self, ArchiveResealCommand.self])
}
