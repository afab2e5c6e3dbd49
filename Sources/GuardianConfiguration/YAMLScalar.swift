import Foundation

/// Writing configuration files for processes of ours.
public enum YAMLScalar {
    /// A text in double quotes; JSON's strings are a part of YAML's (YAML 1.2, 1.3).
    public static func quoted(_ text: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(text), as: UTF8.self)
    }
}
