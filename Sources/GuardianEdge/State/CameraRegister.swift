import Foundation
import GuardianCore

/// Which UUID each camera has: given at its first sight and kept for good, so that its footage stays its own.
package struct CameraRegister {
    private let file: URL
    private var known: [String: CameraID]

    /// - Throws: `GuardianError` `.dataLoss` when the file is there and makes no sense: new UUIDs would orphan the footage.
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
                "\(path) is damaged: restore it from a backup, or remove it and have your cameras begin anew.",
                cause: error)
        }
    }

    /// The camera's UUID, made and kept when it is new.
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
