import GuardianHTTP
import GuardianWire

extension ArchiveUsageView {
    /// Most problems, and most notes, that are passed on, and bytes of each: a node must not choose how long the page is.
    private static let listLimit = 20, sentenceLimit = 1_000

    /// A copy of a node's answer with few and short sentences.
    package var bounded: ArchiveUsageView {
        var view = self
        view.problems = Self.bounded(problems)
        view.notes = Self.bounded(notes)
        view.refused.reason = refused.reason.map { PeerText.bounded($0, to: Self.sentenceLimit) }
        return view
    }

    private static func bounded(_ sentences: [String]?) -> [String]? {
        sentences?.prefix(listLimit).map { PeerText.bounded($0, to: sentenceLimit) }
    }
}
