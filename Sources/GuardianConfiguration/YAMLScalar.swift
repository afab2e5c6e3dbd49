import Foundation

/// Writes scalars for configuration files that we generate.
public enum YAMLScalar {
    /// Returns a text in double quotes. JSON's strings are also YAML's (YAML 1.2, 1.3).
    public static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
