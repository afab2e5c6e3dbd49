import GuardianHTTP
import GuardianWire

extension ArchiveUsageView {
    /// Most problems that are passed on, and bytes of each: a node must not choose how long the page is.
    private static let problemLimit = 20, sentenceLimit = 1_000

    /// A copy of a node's answer with few and short sentences.
    package var bounded: ArchiveUsageView {
        var view = self
        view.problems = problems?.prefix(Self.problemLimit).map { PeerText.bounded($0, to: Self.sentenceLimit) }
        view.refused.reason = refused.reason.map { PeerText.bounded($0, to: Self.sentenceLimit) }
        return view
    }
}
