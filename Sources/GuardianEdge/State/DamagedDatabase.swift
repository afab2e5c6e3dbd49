import Foundation
import GuardianCore
import Logging

/// A damaged database is set aside: renamed with the date, never deleted, so that what is readable of it can be rescued.
package enum DamagedDatabase {
    private static let mark = ".damaged-"

    /// Notes that a database was found damaged in use. Its opening may read no damaged page, and would notice nothing.
    package static func note(_ path: String, _ reason: String) {
        try? Data("\(reason)\n".utf8).write(to: URL(filePath: note(of: path)))
    }

    private static func note(of path: String) -> String { "\(path).found-damaged" }

    /// Opens a database, after setting a damaged one aside: one that was found damaged in use, or is found so now.
    ///
    /// - Parameter open: opens it, and reads enough of it to notice damage.
    /// - Returns: what `open` returns, and whether a damaged one was set aside.
    /// - Throws: what `open` throws, other than `dataLoss` for the first time.
    static func replacing<Database>(
        _ path: String, clock: any WallClock, logger: Logger, open: () async throws -> Database
    ) async throws -> (Database, wasDamaged: Bool) {
        let found = note(of: path)
        if FileManager.default.fileExists(atPath: found) {
            let aside = try setAside(path, at: clock.now())
            unlink(found)
            logger.error(
                "database damaged and set aside",
                metadata: ["path": "\(aside)", "reason": "It was found damaged while it was in use."])
            return (try await open(), true)
        }
        do { return (try await open(), false) } catch let error as GuardianError where error.code == .dataLoss {
            let aside = try setAside(path, at: clock.now())
            logger.error("database damaged and set aside", metadata: ["path": "\(aside)", "reason": "\(error)"])
            return (try await open(), true)
        }
    }

    /// Returns the databases that were set aside in a folder.
    package static func found(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.contains(".sqlite\(mark)") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            .sorted().map { "\(folder)/\($0)" }
    }

    private static func setAside(_ path: String, at time: Timestamp) throws -> String {
        let date = time.rfc3339.filter { $0.isNumber || $0 == "T" || $0 == "Z" }
        let aside = "\(path)\(mark)\(date)"
        // The log first: without its database it is of no use, and beside a new database it would damage that too.
        for suffix in ["-wal", "-shm", ""] where rename(path + suffix, aside + suffix) != 0 && errno != ENOENT {
            throw GuardianError(
                .dataLoss,
                "\(path) is damaged and cannot be renamed (\(String(cString: strerror(errno)))): move it away.")
        }
        return aside
    }
}
