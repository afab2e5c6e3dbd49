import Foundation
import GuardianCore
import GuardianOperations

/// The file `.guardian-place` that gives a folder an identity. A folder without it is not the folder that a database
/// knows, but for example the empty mount point of a disk that is away.
public enum PlaceMarker {
    public static let name = ".guardian-place"

    /// Returns the identity of a folder; `nil` when the folder or its marker is missing.
    ///
    /// - Throws: `dataLoss` when the marker holds no UUID, `unavailable` when it cannot be read.
    public static func read(_ folder: String) throws -> UUID? {
        let path = "\(folder)/\(name)"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, errno)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let content: Data
        do { content = try file.read(upToCount: 100) ?? Data() } catch { throw unreadable(path, EIO) }
        let text = String(decoding: content, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let id = UUID(uuidString: text) else {
            throw GuardianError(.dataLoss, "\(path) holds no identity: restore it from a backup.")
        }
        return id
    }

    /// Gives a folder without an identity this one, and returns once the marker survives a power cut. Creates the folder if
    /// it is missing.
    ///
    /// - Returns: the folder's identity: that of whoever marked it first, when two do at once.
    /// - Throws: `unavailable` when the marker cannot be written, and what `read` throws.
    public static func claim(_ id: UUID, for folder: String) throws -> UUID {
        do {
            try mark(folder) { try Durability.create($0, with: content(id), mode: 0o644) }
        } catch let error as GuardianError where (error.cause as? SystemFailure)?.number == EEXIST {
            return try read(folder) ?? id
        }
        return id
    }

    /// Gives a folder this identity instead of the one that it may have, and returns once the marker survives a power cut.
    /// Creates the folder if it is missing.
    ///
    /// - Throws: `unavailable` when the marker cannot be written.
    public static func write(_ id: UUID, to folder: String) throws {
        try mark(folder) { path in
            // Two processes may mark a folder at once.
            try Durability.replace(path, with: content(id), mode: 0o644, concurrently: true)
        }
    }

    private static func mark(_ folder: String, _ write: (_ path: String) throws -> Void) throws {
        let path = "\(folder)/\(name)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try write(path)
        } catch {
            throw GuardianError(.unavailable, "\(path) cannot be written: check the disk.", cause: error)
        }
    }

    private static func content(_ id: UUID) -> [UInt8] { Array("\(id.uuidString.lowercased())\n".utf8) }

    private static func unreadable(_ path: String, _ reason: Int32) -> GuardianError {
        GuardianError(.unavailable, "\(path) cannot be read: \(String(cString: strerror(reason))).")
    }
}
