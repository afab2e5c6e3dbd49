import Crypto
import Foundation
import GuardianCore

/// The content of an entry. It is written as JSON once; those bytes are stored, hashed, signed and verified, and never
/// encoded again.
struct AuditPayload: Hashable, Codable {
    var version = 1
    var sequence: Int64
    /// SHA-256 of the payload before, in hexadecimal; empty in the first entry.
    var previous: String
    var at: Int64
    var action: String
    /// `account`, `token`, `root`, `stranger` or `guardian`.
    var by: String
    var account: String?
    var token: String?
    var name: String?
    var address: String
    var agent: String
    var subject: String?
    var details: [String: String]

    init(_ record: AuditRecord, sequence: Int64, previous: Hash256?, at: Timestamp) {
        self.sequence = sequence
        self.previous = previous?.hex ?? ""
        self.at = at.milliseconds
        action = record.action.rawValue
        switch record.actor {
        case .account(let id, let name): (by, account, self.name) = ("account", id.description, name)
        case .token(let id, let account, let name):
            (by, token, self.account, self.name) = ("token", id.description, account.description, name)
        case .localRoot: by = "root"
        case .stranger: by = "stranger"
        case .guardian: by = "guardian"
        }
        address = record.origin.address.text
        agent = record.origin.agent
        subject = record.subject
        details = record.details
    }

    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(self)) } catch {
            throw GuardianError(.internal, "An entry of the audit log could not be written.", cause: error)
        }
    }

    static func hash(of bytes: [UInt8]) -> Hash256 { Hash256(digest: SHA256.hash(data: bytes)) }
}
