import Foundation
import GuardianCore
import GuardianOperations

/// The permanent UUID of each alias. A camera gets it when it is first added, and keeps its footage by it, also after it was
/// removed.
package struct CameraIdentityFile: Sendable {
    /// The most aliases that are remembered.
    private static let limit = 4_096

    private let path: String
    private var known: [String: CameraID]

    /// - Throws: `GuardianError` `.dataLoss` when the file exists and is invalid: new UUIDs would orphan the footage.
    package init(path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            known = [:]
            return
        }
        do {
            known = try JSONDecoder().decode(
                [String: CameraID].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw GuardianError(
                .dataLoss,
                "\(path) is damaged: restore it from a backup, or remove it to give all cameras new identities.",
                cause: error)
        }
    }

    /// The aliases of all cameras that there ever were in a state folder; none when they cannot be read.
    static func aliases(inState folder: String) -> Set<CameraAlias> {
        Set((try? CameraIdentityFile(path: StateFolder.cameras(in: folder)))?.aliases.values.map { $0 } ?? [])
    }

    /// The aliases of all cameras that there ever were.
    package var aliases: [CameraID: CameraAlias] {
        Dictionary(
            known.compactMap { name, id in CameraAlias(name).map { (id, $0) } }, uniquingKeysWith: { first, _ in first }
        )
    }

    package func id(of alias: CameraAlias) -> CameraID? { known[alias.text] }

    /// Returns the camera's UUID; makes and stores one for a new alias.
    ///
    /// - Throws: `resourceExhausted` when the file cannot be written, or holds too many aliases.
    package mutating func identify(_ alias: CameraAlias, at time: Timestamp) throws -> CameraID {
        if let id = known[alias.text] { return id }
        guard known.count < Self.limit else {
            throw GuardianError(
                .resourceExhausted,
                "There were \(Self.limit) cameras here already, which is the most: use the id of a removed one.")
        }
        let id = CameraID.v7(at: time)
        var more = known
        more[alias.text] = id
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try Durability.replace(path, with: encoder.encode(more))
        } catch {
            throw GuardianError(.resourceExhausted, "\(path) cannot be written: make room on the disk.", cause: error)
        }
        known = more
        return id
    }
}
