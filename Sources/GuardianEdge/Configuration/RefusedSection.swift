import GuardianCore

/// A section of the configuration that a running edge leaves out because something in it is wrong: cameras are recorded without it.
package struct RefusedSection: Error {
    package enum Name: String, Sendable, CaseIterable {
        case web, inference, node, archive

        /// What an edge does without the section.
        var consequence: String {
            switch self {
            case .web: "What is wrong in it has its default."
            case .inference: "The cameras are not being analysed."
            case .node: "Nothing is sent to the node, and nothing is archived."
            case .archive: "Nothing is archived."
            }
        }
    }

    package var name: Name
    /// Names file, line and key.
    package var error: GuardianError
}
