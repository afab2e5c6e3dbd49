import Foundation
import GuardianCore
import GuardianWire

/// Where an edge got its certificate, so that it gets the next one there. Kept beside the certificate.
package struct EnrolmentRecord: Codable, Hashable, Sendable {
    /// `https://HOST:PORT`.
    let node: String
    /// What the edge knows of the node's authority: 16 or 32 bytes of its SHA-256.
    let authority: Data

    private static let largest = 4096

    package init(_ target: EnrolmentTarget) {
        node = target.address
        authority = Data(target.pin.bytes)
    }

    package static func path(beside files: CredentialFiles) -> String { files.certificate + ".enrolment.json" }

    /// Returns `nil` when there is none: the certificate was made by hand.
    ///
    /// - Throws: `failedPrecondition` when it cannot be read.
    package static func read(beside files: CredentialFiles) throws -> EnrolmentRecord? {
        let path = path(beside: files)
        guard access(path, F_OK) == 0 else { return nil }
        do {
            guard let file = FileHandle(forReadingAtPath: path), let bytes = try file.read(upToCount: largest) else {
                throw GuardianError(.failedPrecondition, "It cannot be opened.")
            }
            return try JSONDecoder().decode(EnrolmentRecord.self, from: bytes)
        } catch {
            throw GuardianError(
                .failedPrecondition, "\(path) cannot be read: run `guardian edge enrol` again.", cause: error)
        }
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// - Throws: `invalidArgument`, `failedPrecondition` for what no edge has written.
    func target() throws -> EnrolmentTarget {
        guard let pin = AuthorityPin(bytes: [UInt8](authority)) else {
            throw GuardianError(
                .failedPrecondition, "The record of the enrolment is damaged: run `guardian edge enrol` again.")
        }
        return try EnrolmentTarget(node, pin: pin)
    }
}
