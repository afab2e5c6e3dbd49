import Crypto
import Foundation
import GuardianCore

/// Signs a node's grants with the key of its certificate, so that an edge can show later that it was asked.
public struct GrantSigner: Sendable {
    /// What edges verify the grants with.
    public let certificatePEM: String
    private let key: P256.Signing.PrivateKey

    /// - Throws: `failedPrecondition` for another kind of key.
    public init(_ credential: Credential) throws {
        certificatePEM = credential.certificatePEM
        do { key = try P256.Signing.PrivateKey(pemRepresentation: credential.keyPEM.reveal()) } catch {
            throw GuardianError(
                .failedPrecondition,
                "Recordings cannot be passed through: the node's certificate needs a key of the curve P-256.",
                cause: error)
        }
    }

    /// Returns a request for these bytes of the grant's item; `nil`: only for the head.
    ///
    /// - Throws: `internal` when signing fails.
    public func request(_ grant: RelayGrant, _ range: Range<Int64>?) throws -> Guardian_V1_RelayRequest {
        do {
            let statement: [UInt8] = try grant.statement.serializedBytes()
            let signature = try key.signature(for: RelayGrant.signedBytes(of: statement))
            return .with { request in
                request.grant = Data(statement)
                request.signature = signature.rawRepresentation
                request.offset = UInt64(range?.lowerBound ?? 0)
                request.length = UInt64(range?.count ?? 0)
            }
        } catch { throw GuardianError(.internal, "A grant could not be signed.", cause: error) }
    }
}
