import Foundation
import GuardianCore

/// The name with which a person logs in: 1 to 64 characters, in the form that Unicode calls NFKC, without line breaks or
/// invisible characters. Names that differ in case only are the same.
public struct AccountName: Hashable, Sendable, CustomStringConvertible {
    public static let lengths = 1...64
    /// Bytes of a name; one character may hold any number of combining marks.
    static let byteLimit = 256

    /// As it is shown.
    public let text: String
    /// As it is compared: without differences of case.
    package let key: String

    /// `nil` when the text is no name: empty, too long, or with characters that nobody sees.
    public init?(_ text: String) {
        guard text.utf8.count <= 4 * Self.byteLimit else { return nil }
        let words = text.precomposedStringWithCompatibilityMapping.split { $0 == " " || $0 == "\t" }
        let name = words.joined(separator: " ")
        guard Self.lengths.contains(name.count), name.utf8.count <= Self.byteLimit,
            name.unicodeScalars.allSatisfy(Self.isVisible)
        else { return nil }
        self.text = name
        // Both directions: ß is the same as SS, which lower case alone would not see.
        key = name.uppercased().lowercased().precomposedStringWithCompatibilityMapping
    }

    /// - Throws: `invalidArgument` when the text is no name.
    static func parsed(_ text: String) throws -> AccountName {
        guard let name = AccountName(text) else {
            throw GuardianError(
                .invalidArgument, "A name has 1 to 64 characters, and none that are invisible; choose another one.",
                context: ["field": "name"])
        }
        return name
    }

    public static func == (left: AccountName, right: AccountName) -> Bool { left.key == right.key }
    public func hash(into hasher: inout Hasher) { hasher.combine(key) }
    public var description: String { text }

    /// Whether a character may stand in a name: marks of text direction and the like could make two names look the same.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
