import ArgumentParser

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Finds, fetches, opens and verifies sealed clips.",
        discussion: "Example: guardian archive open clip.grdn --code-file recovery-code.txt --output clip.mp4",
        subcommands: [
            ArchiveListCommand.self, ArchiveFetchCommand.self, ArchiveOpenCommand.self, ArchiveVerifyCommand.self,
            ArchiveResealCommand.self,
        ])
}
