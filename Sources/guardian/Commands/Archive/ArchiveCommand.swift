import ArgumentParser

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Sealed clips: finds, fetches and opens them, and says what they prove.",
        discussion: "Example: guardian archive open clip.grdn --code-file recovery-code.txt --output clip.mp4",
        subcommands: [
            ArchiveListCommand.self, ArchiveFetchCommand.self, ArchiveOpenCommand.self, ArchiveVerifyCommand.self,
            ArchiveResealCommand.self,
        ])
}
