import Foundation
import GuardianCore
import GuardianOperations
import GuardianStorage
import Logging

/// A damaged database is set aside: renamed with the date, never deleted, so that what is readable of it can be rescued.
package enum DamagedDatabase {
    /// Notes that a database was found damaged in use. Its opening may read no damaged page, and would notice nothing.
    ///
    /// A note counts for the file that it was made for. It is renewed for as long as that file is in use.
    ///
    /// - Throws: `SystemFailure` when the note is not on the disk.
    package static func note(_ path: String, _ reason: String) throws {
        let file: DatabaseFile?
        // Of a database that somebody removed nothing is set aside. Its note shows that the disk takes writes, and is ignored.
        do { file = try DatabaseFile(path) } catch let failure where failure.number == ENOENT { file = nil }
        let note = DamageNote(device: file?.device, inode: file?.inode, reason: reason)
        try Durability.replace(self.note(of: path), with: try JSONEncoder().encode(note))
    }

    private static func note(of path: String) -> String { "\(path).found-damaged" }

    /// Whether the file at `path` was found damaged. Somebody may have replaced or repaired it since; then the note is of no use,
    /// and is deleted.
    private static func isNoted(_ path: String) -> Bool {
        let found = note(of: path)
        guard let written = try? DatabaseFile(found) else { return false }
        let note = FileManager.default.contents(atPath: found).flatMap {
            try? JSONDecoder().decode(DamageNote.self, from: $0)
        }
        if let note, let file = try? DatabaseFile(path), file.device == note.device, file.inode == note.inode,
            file.changed - written.modified <= DamageNote.grace
        {
            return true
        }
        unlink(found)
        return false
    }

    /// Opens a database, after setting a damaged one aside: one that was found damaged in use, or is found so now.
    ///
    /// - Parameter open: opens it, and reads enough of it to notice damage.
    /// - Returns: what `open` returns, and whether a damaged one was set aside.
    /// - Throws: what `open` throws, other than `dataLoss` for the first time.
    static func replacing<Database>(
        _ path: String, clock: any WallClock, logger: Logger, open: () async throws -> Database
    ) async throws -> (Database, wasDamaged: Bool) {
        if isNoted(path) {
            let aside = try SetAside.database(path, at: clock.now())
            unlink(note(of: path))
            logger.error(
                "database damaged and set aside",
                metadata: ["path": "\(aside)", "reason": "It was found damaged while it was in use."])
            return (try await open(), true)
        }
        do { return (try await open(), false) } catch let error as GuardianError where error.code == .dataLoss {
            let aside = try SetAside.database(path, at: clock.now())
            logger.error("database damaged and set aside", metadata: ["path": "\(aside)", "reason": "\(error)"])
            return (try await open(), true)
        }
    }

    /// Returns the databases that were set aside in a folder.
    package static func found(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.contains(".sqlite\(SetAside.mark)") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            .sorted().map { "\(folder)/\($0)" }
    }
}

/// The content of the note beside a database.
private struct DamageNote: Codable {
    /// Seconds: a process that renews its note every second changes the database for this long after it, at most, because it
    /// ends within 10. Whatever changed the file later was another program: it may have been repaired.
    static let grace = 15

    var device: UInt64?
    var inode: UInt64?
    /// For people.
    var reason: String
}

/// Which file a path names, and when it was changed.
private struct DatabaseFile {
    let device: UInt64
    let inode: UInt64
    /// Seconds of the file system's clock. Nobody can set it back.
    let changed: Int
    /// When its content was last written, likewise.
    let modified: Int

    init(_ path: String) throws(SystemFailure) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .last }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        (changed, modified) = (status.st_ctim.tv_sec, status.st_mtim.tv_sec)
    }
}
