import Foundation
import GuardianCore
import GuardianOperations
import GuardianWire

/// The node that an edge enrolled at, by its page or by `guardian edge enrol`: where it sends while its configuration file names no node.
/// Kept as `node/connection.json` in the state folder, beside the credentials.
package struct EnrolledNode: Hashable, Sendable {
    package let host: String
    package let port: Int

    private static let largest = 4096

    package init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Such as `node.example:9443`.
    package var address: String { HostAndPort(host: host, port: port).text }

    /// Where the credentials of such a node are.
    package static func credentials(inState state: String) -> CredentialFiles {
        CredentialFiles(folder: folder(inState: state), name: "edge")
    }

    package static func path(inState state: String) -> String { "\(folder(inState: state))/connection.json" }

    private static func folder(inState state: String) -> String { "\(state)/node" }

    /// Returns `nil` when the edge enrolled nowhere, or left the node.
    ///
    /// - Throws: `failedPrecondition` when the file cannot be read.
    package static func read(inState state: String) throws -> EnrolledNode? {
        let path = path(inState: state)
        guard access(path, F_OK) == 0 else { return nil }
        do {
            guard let file = FileHandle(forReadingAtPath: path), let bytes = try file.read(upToCount: largest),
                let address = HostAndPort(try JSONDecoder().decode(Stored.self, from: bytes).address)
            else { throw GuardianError(.failedPrecondition, "It has no address.") }
            return EnrolledNode(host: address.host, port: address.port)
        } catch {
            throw GuardianError(
                .failedPrecondition,
                "\(path) cannot be read: enrol again on the page Settings, or remove it and run `guardian edge enrol`.",
                cause: error)
        }
    }

    /// - Throws: `GuardianError` when the file cannot be written.
    package func write(inState state: String) throws {
        let path = Self.path(inState: state)
        try OwnFolder.make(Self.folder(inState: state))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(Stored(address: address))
        do throws(SystemFailure) { try Durability.replace(path, with: Array(bytes)) } catch {
            throw GuardianError(error.code, "\(path) cannot be written (\(error)): check its disk and its owner.")
        }
    }

    /// Forgets the node. The credentials stay: with them the edge is the same device when it enrols again.
    ///
    /// - Throws: `GuardianError` when the file cannot be removed.
    package static func remove(inState state: String) throws {
        let path = path(inState: state)
        guard unlink(path) == 0 || errno == ENOENT else {
            let failure = SystemFailure.last
            throw GuardianError(failure.code, "\(path) cannot be removed (\(failure)): check its owner.")
        }
        Durability.syncFolder(of: path)
    }

    private struct Stored: Codable {
        /// `HOST:PORT`.
        let address: String
    }
}
