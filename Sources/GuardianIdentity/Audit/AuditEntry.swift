import Foundation
import GuardianCore

/// One entry of the audit log as it is stored.
public struct AuditEntry: Hashable, Sendable {
    public let sequence: Int64
    /// UTF-8 JSON. These bytes are what is hashed and signed.
    public let payload: [UInt8]
    public let signature: [UInt8]?

    /// SHA-256 of the payload, which the next entry holds.
    public var hash: Hash256 { AuditPayload.hash(of: payload) }

    /// What a signature of a payload is of: the purpose is named, so that it is not good for anything else.
    public static func signedBytes(of payload: [UInt8]) -> [UInt8] { Array("guardian/audit/v1".utf8) + [0] + payload }

    /// - Throws: `dataLoss` when the payload is not what this version writes.
    public func content() throws -> AuditContent {
        do { return AuditContent(try JSONDecoder().decode(AuditPayload.self, from: Data(payload))) } catch {
            throw GuardianError(
                .dataLoss, "Entry \(sequence) of the audit log cannot be read; restore it from a backup.", cause: error)
        }
    }
}

/// What an entry says, for a page.
public struct AuditContent: Hashable, Sendable {
    public let sequence: Int64
    public let at: Timestamp
    /// An `AuditAction`, or one that a newer version wrote.
    public let action: String
    /// `account`, `token`, `root`, `stranger` or `guardian`.
    public let by: String
    public let account: String?
    public let token: String?
    public let name: String?
    public let address: String
    public let agent: String
    public let subject: String?
    public let details: [String: String]
    /// SHA-256 of the entry before; `nil` in the first.
    let previous: Hash256?

    init(_ payload: AuditPayload) {
        sequence = payload.sequence
        at = Timestamp(milliseconds: payload.at)
        action = payload.action
        by = payload.by
        account = payload.account
        token = payload.token
        name = payload.name
        address = payload.address
        agent = payload.agent
        subject = payload.subject
        details = payload.details
        previous = Hash256(hex: payload.previous)
    }
}
