/// Texts for people that another process sends. They end in logs, tables and pages, so a peer must not choose how long they
/// are.
public enum PeerText {
    /// Bytes; leaves room for what is put before it within the journal's limit of 1,000.
    public static let limit = 500

    /// Returns the text without control characters, and cut to at most `limit` bytes.
    public static func bounded(_ text: String, to limit: Int = limit) -> String {
        var bounded = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            bytes += isControl ? 1 : UTF8.width(scalar)
            guard bytes <= limit else { break }
            bounded.append(isControl ? " " : scalar)
        }
        return String(bounded)
    }
}
