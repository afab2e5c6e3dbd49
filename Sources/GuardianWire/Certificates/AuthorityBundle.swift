import GuardianCore
import SwiftASN1
import X509

/// What the authority's file must hold that a node answers with.
public enum AuthorityBundle {
    /// More than an authority's rotation needs.
    private static let limit = 8

    /// Whether a text holds certificates of authorities, and nothing that cannot be read.
    ///
    /// - Throws: `internal` when it does not: with such a file the edge could not connect.
    public static func check(_ pem: String) throws {
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem), (1...limit).contains(documents.count),
            documents.allSatisfy({ isAuthority($0) })
        else {
            throw GuardianError(.internal, "The node answered with an authority that cannot be read.")
        }
    }

    private static func isAuthority(_ document: PEMDocument) -> Bool {
        guard let certificate = try? Certificate(pemDocument: document),
            case .isCertificateAuthority? = try? certificate.extensions.basicConstraints
        else { return false }
        return true
    }
}
