import ArgumentParser
import GuardianArchive
import GuardianCore

struct ArchiveResealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reseal",
        abstract: "Writes a sealed clip anew for other recipients.",
        discussion: """
            Picture, signature and proofs stay as they are. Dropping a recipient takes back nothing: they may have kept \
            the file, or its key.

            Example: guardian archive reseal clip.grdn --code-file code.txt --add guardian-recipient:X-Wing:… --output for-lawyer.grdn
            """)

    @Argument(help: "The sealed file.")
    var file: String

    @OptionGroup var owner: OwnerSecretOptions

    @Option(help: "Where the new file goes; it may be the old one's name.")
    var output: String

    @Option(help: "A recipient's line, or a file with such lines (repeatable).")
    var add: [String] = []

    @Option(help: "The key id of a recipient to leave out (repeatable).")
    var drop: [String] = []

    func validate() throws {
        if add.isEmpty, drop.isEmpty { throw ValidationError("Say whom to --add, or which key id to --drop.") }
        for id in drop where RecipientKeyID(id) == nil {
            throw ValidationError("\(id) is no key id; one has 11 characters, as `guardian keys show` writes them.")
        }
    }

    func run() async throws {
        let opener = ClipOpener(try OwnerKeys(owner.secret()))
        let clip = try await opener.open(SealedSource.file(file))
        let present = Set(clip.prefix.recipients.map(\.keyID))
        let dropped = Set(drop.compactMap { RecipientKeyID($0) })
        if let stranger = dropped.subtracting(present).first {
            throw GuardianError(.notFound, "The clip is not sealed to \(stranger); it is to \(Self.list(present)).")
        }
        let added = try add.flatMap(Self.recipients).filter { !present.subtracting(dropped).contains($0.keyID) }
        let resealed = try WholeFile(output)
        try await clip.reseal(adding: added, dropping: dropped) { try resealed.append($0) }
        try resealed.place()
        let now = present.subtracting(dropped).union(added.map(\.keyID))
        Console.line("sealed to \(Self.list(now))")
    }

    /// A line, or the lines of a key file.
    private static func recipients(_ text: String) throws -> [Recipient] {
        if text.hasPrefix("guardian-recipient:") { return [try Recipient(text: text)] }
        let file = try KeyFile.read(text)
        guard !file.recipients.isEmpty else {
            throw GuardianError(.invalidArgument, "\(text) names no recipients.")
        }
        return file.recipients
    }

    private static func list(_ ids: Set<RecipientKeyID>) -> String { ids.map(\.text).sorted().joined(separator: ", ") }
}
