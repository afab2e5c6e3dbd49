import Foundation
import GuardianCore

/// The keys for an S3 server. The id is not a secret; the rest prints as `…`.
public struct S3Credentials: Sendable, Hashable {
    public var keyID: String
    public var secret: Secret<String>
    /// Present with temporary keys.
    public var sessionToken: Secret<String>?

    public init(keyID: String, secret: Secret<String>, sessionToken: Secret<String>? = nil) {
        self.keyID = keyID
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

/// Where credentials come from. They are read again when the store refuses them, so that they can be changed while the
/// node runs.
public enum S3CredentialSource: Sendable {
    case fixed(S3Credentials)
    /// A file that holds the secret access key and nothing else.
    case secretFile(keyID: String, path: String)
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, when it is there, `AWS_SESSION_TOKEN`.
    case environment([String: String])

    /// The process' own environment.
    public static var environment: S3CredentialSource { .environment(ProcessInfo.processInfo.environment) }

    /// - Throws: `unauthenticated` when there are none, `permissionDenied` when every user of the machine may read the
    ///   file.
    public func load() throws -> S3Credentials {
        switch self {
        case .fixed(let credentials): return credentials
        case .secretFile(let keyID, let path):
            return S3Credentials(keyID: keyID, secret: Secret(try Self.secret(in: path)))
        case .environment(let variables):
            guard let id = variables["AWS_ACCESS_KEY_ID"], !id.isEmpty,
                let secret = variables["AWS_SECRET_ACCESS_KEY"], !secret.isEmpty
            else {
                throw GuardianError(
                    .unauthenticated,
                    "There are no keys for the S3 store: name keyId and secretFile in the configuration, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
                )
            }
            let token = variables["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : Secret($0) }
            return S3Credentials(keyID: id, secret: Secret(secret), sessionToken: token)
        }
    }

    private static func secret(in path: String) throws -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue,
            let bytes = FileManager.default.contents(atPath: path)
        else {
            throw GuardianError(.unauthenticated, "The S3 store's secret cannot be read: check the file \(path).")
        }
        guard mode & 0o007 == 0 else {
            throw GuardianError(
                .permissionDenied,
                "Every user of this machine may read \(path), which holds a secret: run chmod 600 on it.")
        }
        guard bytes.count <= 4_096, let text = String(validating: bytes, as: UTF8.self) else {
            throw GuardianError(.unauthenticated, "The file \(path) holds no secret access key.")
        }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty, !secret.contains(where: \.isWhitespace) else {
            throw GuardianError(
                .unauthenticated, "The file \(path) must hold the S3 store's secret access key and nothing else.")
        }
        return secret
    }
}
