import Foundation
import GuardianCore

/// The permanent UUID of each alias. A camera gets it when the edge first starts with its alias, and keeps its footage by it.
package struct CameraRegister {
    private let file: URL
    private var known: [String: CameraID]

    /// - Throws: `GuardianError` `.dataLoss` when the file exists and is invalid: new UUIDs would orphan the footage.
    package init(path: String) throws {
        file = URL(fileURLWithPath: path)
        guard FileManager.default.fileExists(atPath: path) else {
            known = [:]
            return
        }
        do {
            known = try JSONDecoder().decode([String: CameraID].self, from: Data(contentsOf: file))
        } catch {
            throw GuardianError(
                .dataLoss,
                "\(path) is damaged: restore it from a backup, or remove it to give all cameras new identities.",
                cause: error)
        }
    }

    /// The aliases of all cameras that were ever configured.
    package var aliases: [CameraID: CameraAlias] {
        Dictionary(
            known.compactMap { name, id in CameraAlias(name).map { (id, $0) } }, uniquingKeysWith: { first, _ in first }
        )
    }

    /// Returns the camera's UUID; makes and stores one for a new alias.
    package mutating func identify(_ alias: CameraAlias, at time: Timestamp) throws -> CameraID {
        if let id = known[alias.text] { return id }
        let id = CameraID.v7(at: time)
        known[alias.text] = id
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try encoder.encode(known).write(to: file, options: .atomic)
        } catch {
            throw GuardianError(
                .resourceExhausted, "\(file.path) cannot be written: make room on the disk.", cause: error)
        }
        return id
    }
}
