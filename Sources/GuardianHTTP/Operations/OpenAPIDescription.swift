import Foundation
import GuardianCore

/// Which server's API is described.
public enum OpenAPIDescription: String, Sendable, CaseIterable {
    case edge
    case node

    /// - Throws: `failed_precondition` when the resources are not beside the program.
    public func bytes() throws -> [UInt8] {
        guard
            let url = Bundle.module.url(forResource: rawValue, withExtension: "yaml", subdirectory: "OpenAPI"),
            let text = try? Data(contentsOf: url)
        else {
            throw GuardianError(
                .failedPrecondition, "The API's description is not beside the program: install Guardian again.")
        }
        return [UInt8](text)
    }
}
