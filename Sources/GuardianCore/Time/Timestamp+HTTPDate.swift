extension Timestamp {
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7); `nil` for anything else.
    package init?(httpDate text: String) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard fields.count == 6, fields[5] == "GMT", fields[0].hasSuffix(","), fields[1].utf8.count == 2,
            let month = months.firstIndex(of: String(fields[2]))
        else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        self.init(rfc3339: "\(fields[3])-\(number)-\(fields[1])T\(fields[4])Z")
    }
}
