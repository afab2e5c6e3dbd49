import ArgumentParser
import GuardianArchive
import GuardianCore

struct ArchiveResealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reseal",
        abstract: "Changes the recipients of a sealed clip.",
        discussion: """
            Content, signature and proofs stay valid. Dropping a recipient does not revoke access to existing copies: \
            they may have kept the old file or its key.

            Example: guardian archive reseal clip.grdn --code-file code.txt --add guardian-recipient:X-Wing:… --output for-lawyer.grdn
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "The new file; it may be the same as the old one.")
    var output: String

    @Option(help: "A recipient (guardian-recipient:…), or a file with recipients (repeatable).")
    var add: [String] = []

    @Option(help: "The key id of a recipient to remove (repeatable).")
    var drop: [String] = []

    func validate() throws {
        if add.isEmpty, drop.isEmpty { throw ValidationError("Give a recipient to --add, or a key id to --drop.") }
        for id in drop where RecipientKeyID(id) == nil {
            throw ValidationError("\(id) is not a key id: use one that `guardian keys show` prints.")
        }
    }

    func run() async throws {
        let opener = ClipOpener(try OwnerKeys(owner.secret()))
        let clip = try await opener.open(SealedSource.file(file))
        let present = Set(clip.prefix.recipients.map(\.keyID))
        let dropped = Set(drop.compactMap { RecipientKeyID($0) })
        if let unknown = dropped.subtracting(present).first {
            throw GuardianError(.notFound, "The clip is not sealed to \(unknown), but to \(Self.list(present)).")
        }
        let added = try add.flatMap(Self.recipients).filter { !present.subtracting(dropped).contains($0.keyID) }
        let resealed = try AtomicFile(output)
        try await clip.reseal(adding: added, dropping: dropped) { try resealed.append($0) }
        try resealed.commit()
        let current = present.subtracting(dropped).union(added.map(\.keyID))
        Console.line("sealed to \(Self.list(current))")
    }

    /// Returns the recipient in `text`, or the recipients of the key file with this path.
    private static func recipients(_ text: String) throws -> [Recipient] {
        if text.hasPrefix("guardian-recipient:") { return [try Recipient(text: text)] }
        let file = try KeyFile.read(text)
        guard !file.recipients.isEmpty else {
            throw GuardianError(.invalidArgument, "\(text) contains no recipients.")
        }
        return file.recipients
    }

    private static func list(_ ids: Set<RecipientKeyID>) -> String { ids.map(\.text).sorted().joined(separator: ", ") }
}
