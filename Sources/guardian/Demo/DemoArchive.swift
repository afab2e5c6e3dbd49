import Foundation
import GuardianArchive
import GuardianConfiguration
import GuardianCore

/// An S3 server that the demo's node archives into. Its keys stay in the environment, where the node finds them: they
/// stand in no file, no argument and no log.
struct DemoArchive: Sendable {
    let endpoint: String
    let bucket: String

    /// - Throws: `unauthenticated` when the environment has no keys.
    init(endpoint: String, bucket: String) throws {
        _ = try S3CredentialSource.environment.load()
        self.endpoint = endpoint
        self.bucket = bucket
    }

    /// The node's section `archive`.
    var section: String {
        get throws {
            let region = ProcessInfo.processInfo.environment["AWS_REGION"].flatMap { $0.isEmpty ? nil : $0 }
            let rest = try region.map { ", region: \(try YAMLScalar.quoted($0))" } ?? ""
            return try "{s3: {endpoint: \(YAMLScalar.quoted(endpoint)), bucket: \(YAMLScalar.quoted(bucket))\(rest)}}"
        }
    }

    /// The environment of the processes that have no use for the keys.
    static let noKeys = ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""]
}
