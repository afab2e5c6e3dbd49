/// What error messages repeat of a file: never much of it, and nothing that a terminal or a log could misread.
enum Echo {
    /// Returns a text of at most `limit` characters, in which invisible characters are replaced.
    static func bounded(_ text: String, to limit: Int) -> String {
        let head = text.unicodeScalars.prefix(limit)
        let shown = String(String.UnicodeScalarView(head.map { $0.isShown ? $0 : "\u{FFFD}" }))
        return head.endIndex == text.unicodeScalars.endIndex ? shown : shown + "…"
    }
}

extension Unicode.Scalar {
    fileprivate var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
        default: !properties.isDefaultIgnorableCodePoint
        }
    }
}
