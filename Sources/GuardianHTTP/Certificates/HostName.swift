/// A name of the DNS or of mDNS, in lower case and without a dot at its end.
package struct HostName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// `nil` unless it has 1 to 253 characters in labels of 1 to 63 letters, digits and hyphens (RFC 1123, 2.1), the last of which
    /// is no number: browsers read `1.2.3` and `host.1` as an IPv4 address (WHATWG URL, ends in a number).
    package init?(_ text: some StringProtocol) {
        let text = (text.hasSuffix(".") ? String(text.dropLast()) : String(text)).lowercased()
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(Self.isLabel), let last = labels.last, !Self.isNumber(last)
        else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.utf8.allSatisfy(letters.contains) && !label.hasPrefix("-")
            && !label.hasSuffix("-")
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy { (0x30...0x39).contains($0) }
            || label.hasPrefix("0x") && label.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}
