import Foundation
import GuardianCore

/// The OpenAPI document of one of the servers.
public enum OpenAPIDescription: String, Sendable, CaseIterable {
    case edge
    case node

    /// Reads the document from the resource bundle.
    ///
    /// - Throws: `failed_precondition` when the resource bundle is missing.
    public func bytes() throws -> [UInt8] {
        guard
            let url = Bundle.module.url(forResource: rawValue, withExtension: "yaml", subdirectory: "OpenAPI"),
            let text = try? Data(contentsOf: url)
        else {
            throw GuardianError(
                .failedPrecondition, "The API description is missing beside the program: install Guardian again.")
        }
        return [UInt8](text)
    }
}
