import Foundation
import GuardianCore

/// An OpenAPI document.
public enum OpenAPIDescription: String, Sendable, CaseIterable {
    case edge
    case node
    /// What a node serves to its operators.
    case operators

    /// Reads the document from the resource bundle. A line such as `# accounts-paths.yaml` stands for
    /// that file, which both servers share.
    ///
    /// - Throws: `failed_precondition` when the resource bundle is missing.
    public func bytes() throws -> [UInt8] {
        let lines = try Self.text(rawValue).split(separator: "\n", omittingEmptySubsequences: false)
        let whole = try lines.map { line in
            let words = line.trimmingPrefix(while: \.isWhitespace)
            guard let part = words.wholeMatch(of: /# ((accounts|telemetry|viewing)-[a-z]+)\.yaml/) else {
                return String(line)
            }
            return try Self.text(String(part.1)).trimmingCharacters(in: .newlines)
        }
        return Array(whole.joined(separator: "\n").utf8)
    }

    private static func text(_ name: String) throws -> String {
        guard
            let url = Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "OpenAPI"),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else {
            throw GuardianError(
                .failedPrecondition, "The API description is missing beside the program: install Guardian again.")
        }
        return text
    }
}
