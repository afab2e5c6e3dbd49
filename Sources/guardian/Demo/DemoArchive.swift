import Foundation
import GuardianArchive
import GuardianConfiguration
import GuardianCore

/// The S3 server that the demo's node archives into. The node reads the keys from the environment, so that they are in
/// no file, argument or log.
struct DemoArchive: Sendable {
    let endpoint: String
    let bucket: String

    /// - Throws: `unauthenticated` when the environment has no keys.
    init(endpoint: String, bucket: String) throws {
        _ = try S3CredentialSource.environment.load()
        self.endpoint = endpoint
        self.bucket = bucket
    }

    /// The section `archive` of the node's configuration.
    var section: String {
        get throws {
            let region = ProcessInfo.processInfo.environment["AWS_REGION"].flatMap { $0.isEmpty ? nil : $0 }
            let rest = try region.map { ", region: \(try YAMLScalar.quoted($0))" } ?? ""
            return try "{s3: {endpoint: \(YAMLScalar.quoted(endpoint)), bucket: \(YAMLScalar.quoted(bucket))\(rest)}}"
        }
    }

    /// Environment values that hide the keys from processes that do not need them.
    static let noKeys = ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": ""]
}
