import Foundation
import GuardianCore

/// What a password must be: of a certain length, and none of those that are guessed first. Nothing else, as NIST SP 800-63B-4 recommends:
/// rules about digits and signs make passwords that people write down.
public enum PasswordRules {
    /// Characters, counted as Unicode scalars.
    public static let lengths = 8...128

    /// - Parameter names: of whoever has the password, and of the machine.
    /// - Throws: `invalidArgument`, with the field's name in the context.
    package static func check(_ password: Secret<String>, names: [String] = []) throws {
        let text = normalised(password.reveal())
        let length = text.unicodeScalars.count
        guard length >= lengths.lowerBound else {
            throw refusal("A password has at least \(lengths.lowerBound) characters; make it longer.")
        }
        guard length <= lengths.upperBound else {
            throw refusal("A password has at most \(lengths.upperBound) characters; make it shorter.")
        }
        guard !CommonPasswords.contains(text), !EasyPasswords(names: names).contain(text) else {
            throw refusal(
                "This password is among the first that are tried, such as common words, names and keys in a row; choose a few words that do not "
                    + "belong together.")
        }
    }

    /// Whether a text may be a password at all. A longer one is not even hashed.
    package static func isPossible(_ password: Secret<String>) -> Bool {
        let text = password.reveal()
        return !text.isEmpty && text.utf8.count <= 16 * lengths.upperBound
            && normalised(text).unicodeScalars.count <= lengths.upperBound
    }

    /// Composed characters, so that a password with accents is the same bytes from every keyboard.
    static func normalised(_ password: String) -> String { password.precomposedStringWithCanonicalMapping }

    private static func refusal(_ message: String) -> GuardianError {
        GuardianError(.invalidArgument, message, context: ["field": "password"])
    }
}
