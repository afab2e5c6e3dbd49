import Foundation
import GRDB
import GuardianCore

extension Store {
    /// Reads a database without opening it for writing and without migrating it, whether or not a process uses it.
    /// Blocks the calling thread.
    ///
    /// - Throws: `notFound` when there is no file, `dataLoss` when it is not a database.
    public static func inspect<Result>(path: String, _ body: (Database) throws -> Result) throws -> Result {
        guard FileManager.default.fileExists(atPath: path) else {
            throw GuardianError(.notFound, "There is no database at \(path).")
        }
        return try lockRetry.runBlocking(when: GuardianError.isBusy) { _ in
            do {
                let queue = try DatabaseQueue(path: path, configuration: configuration(readonly: true))
                defer { try? queue.close() }
                return try queue.read(body)
            } catch {
                throw GuardianError.storage(error, path: path)
            }
        }
    }
}
