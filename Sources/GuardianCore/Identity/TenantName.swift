/// The name of a node's tenant: 1 to 40 of `a–z`, `0–9` and `-`, beginning and ending with a letter or digit. It is safe as a
/// folder, in an object's name and as the host of a URI.
public struct TenantName: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// `nil` when the text is not of that form.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...40).contains(bytes.count), let first = bytes.first, let last = bytes.last, first != 0x2D,
            last != 0x2D,
            bytes.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
        else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }

    /// The tenant that every node has: that of the edges whose certificates an operator made by hand, and of the node's own pages.
    public static let home = TenantName(known: "home")

    /// Not a tenant's: the accounts of the node's operators.
    public static let operators = TenantName(known: "operators")

    public var description: String { text }
    public static func < (left: TenantName, right: TenantName) -> Bool { left.text < right.text }
}
