import Foundation
import GuardianArchive
import GuardianCore

/// Somebody who can open what is archived: a recipient, with what people know it by.
package struct NamedRecipient: Sendable, Hashable {
    package var recipient: Recipient
    /// `nil`: the configuration file gives it none.
    package var name: String?
    /// `nil`: the configuration file has it, and so it cannot be removed at run time.
    package var addedAt: Timestamp?

    package init(_ recipient: Recipient, name: String?, addedAt: Timestamp? = nil) {
        self.recipient = recipient
        self.name = name
        self.addedAt = addedAt
    }

    /// Whether the configuration file has it.
    package var isFixed: Bool { addedAt == nil }
}

extension NamedRecipient {
    /// Characters of a name.
    package static let longestName = 64

    /// Returns a name as people type it, without white space around it.
    ///
    /// - Throws: `invalidArgument` whose context names the field.
    static func name(_ text: String) throws -> String {
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...longestName).contains(name.count),
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw GuardianError(
                .invalidArgument,
                "Say whose code it is, in at most \(longestName) characters on one line.",
                context: ["field": "name"])
        }
        return name
    }

    /// Parses a recipient's line.
    ///
    /// - Throws: `invalidArgument` whose context names the field.
    static func recipient(_ line: String) throws -> Recipient {
        do { return try Recipient(text: line) } catch let error as GuardianError where error.code == .invalidArgument {
            throw GuardianError(.invalidArgument, error.message, context: ["field": "key"])
        }
    }
}

/// As it stands in the file of settings.
extension NamedRecipient: Codable {
    private enum CodingKeys: String, CodingKey {
        case key, name, addedAt
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let line = try container.decode(String.self, forKey: .key)
        guard let recipient = try? Recipient(text: line) else {
            throw DecodingError.dataCorruptedError(
                forKey: .key, in: container, debugDescription: "is not a recipient")
        }
        self.init(
            recipient, name: try Self.name(container.decode(String.self, forKey: .name)),
            addedAt: try container.decode(Timestamp.self, forKey: .addedAt))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(recipient.text, forKey: .key)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encodeIfPresent(addedAt, forKey: .addedAt)
    }
}
