import Crypto
import GuardianCore
import SwiftASN1
import X509

/// Verifies a node's grants, by the certificate that the node showed.
public struct GrantVerifier: Sendable {
    private let key: P256.Signing.PublicKey

    /// - Parameters:
    ///   - certificatePEM: what the node showed.
    ///   - authorityPEM: the authorities that the edge trusts.
    ///   - host: the node's name or address, as the edge calls it.
    /// - Throws: `permissionDenied` unless one of the authorities issued the certificate, for a server of that name.
    public init(certificatePEM: String, authorityPEM: String, host: String) async throws {
        guard certificatePEM.utf8.count <= 65_536, let chain = Self.certificates(certificatePEM),
            let leaf = chain.first,
            let authorities = Self.certificates(authorityPEM)
        else { throw Self.refusal }
        guard await ServerChain.isValid(leaf, chain.dropFirst(), of: authorities, host: host), Self.isForServers(leaf),
            let key = P256.Signing.PublicKey(leaf.publicKey)
        else { throw Self.refusal }
        self.key = key
    }

    /// Returns the grant of a request.
    ///
    /// - Throws: `permissionDenied` for a signature that is not the node's, `invalidArgument` for what is no grant.
    public func grant(of request: Guardian_V1_RelayRequest) throws -> RelayGrant {
        let statement = Array(request.grant)
        guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: request.signature),
            key.isValidSignature(signature, for: RelayGrant.signedBytes(of: statement))
        else { throw GuardianError(.permissionDenied, "The grant is not signed by the node.") }
        guard let message = try? Guardian_V1_GrantStatement(serializedBytes: statement) else {
            throw GuardianError(.invalidArgument, "The node's grant cannot be read.")
        }
        return try RelayGrant(message)
    }

    /// The certificates of a text, in its order; `nil` for anything else.
    private static func certificates(_ text: String) -> [Certificate]? {
        guard let documents = try? PEMDocument.parseMultiple(pemString: text), documents.count <= 8 else { return nil }
        return try? documents.map { try Certificate(pemDocument: $0) }
    }

    /// Without the extension, a certificate is for any use (RFC 5280, 4.2.1.12).
    private static func isForServers(_ leaf: Certificate) -> Bool {
        guard let usage = try? leaf.extensions.extendedKeyUsage else {
            return leaf.extensions[oid: .X509ExtensionID.extendedKeyUsage] == nil
        }
        return usage.contains(.serverAuth)
    }

    private static var refusal: GuardianError {
        GuardianError(
            .permissionDenied,
            "The node's certificate is not of the authority that this recorder trusts, or not for a server of that name."
        )
    }
}
