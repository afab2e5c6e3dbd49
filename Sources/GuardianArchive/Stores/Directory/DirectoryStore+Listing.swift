import Foundation
import GuardianCore

extension DirectoryStore {
    /// The continuation is the last name of the page before.
    public func list(_ bucket: BucketName, prefix: String, continuation: String?, limit: Int) async throws -> ObjectPage
    {
        try await threads.runIfActive {
            var walk = FolderWalk(
                prefix: Array(prefix.utf8), after: Array((continuation ?? "").utf8), limit: min(max(1, limit), 1_000))
            try walk.visit(folder(of: bucket), name: [])
            guard walk.items.count > walk.limit else { return ObjectPage(items: walk.items, next: nil) }
            let items = Array(walk.items.prefix(walk.limit))
            return ObjectPage(items: items, next: items.last?.name)
        }
    }
}

/// Collects one page of the files below a folder, in the order of their objects' names.
private struct FolderWalk {
    let prefix: [UInt8]
    let after: [UInt8]
    let limit: Int
    /// At most `limit` + 1 items; the extra one shows that more follow.
    var items: [ObjectPage.Item] = []

    /// - Parameter name: the beginning of the names of all objects in the folder; empty or ending with a slash.
    mutating func visit(_ path: String, name: [UInt8]) throws {
        for child in try children(of: path, name: name) {
            guard items.count <= limit else { return }
            guard child.name.starts(with: prefix) || prefix.starts(with: child.name) else { continue }
            if child.isFolder {
                // Skip a folder whose names all come before the page.
                guard after.starts(with: child.name) || !child.name.lexicographicallyPrecedes(after) else { continue }
                try visit(child.path, name: child.name)
            } else if after.lexicographicallyPrecedes(child.name), child.name.starts(with: prefix) {
                items.append(
                    ObjectPage.Item(
                        name: String(decoding: child.name, as: UTF8.self), size: child.size, storedAt: child.modified))
            }
        }
    }

    private struct Child {
        let path: String
        let name: [UInt8]
        let isFolder: Bool
        let size: Int64
        let modified: Timestamp
    }

    /// Returns the folder's entries, sorted. A folder sorts as its name with a trailing slash, as the names within it
    /// do.
    private func children(of path: String, name: [UInt8]) throws -> [Child] {
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
            // The bucket does not exist, or the folder's last object was just deleted.
            return []
        } catch {
            throw GuardianError(
                .permissionDenied, "A folder of the archive cannot be read: make this user its owner.", cause: error,
                context: ["path": path])
        }
        return entries.compactMap { entry -> Child? in
            var status = stat()
            guard let component = FolderEntry.decode(entry), lstat("\(path)/\(entry)", &status) == 0 else { return nil }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFREG || kind == S_IFDIR else { return nil }
            return Child(
                path: "\(path)/\(entry)", name: name + component + (kind == S_IFDIR ? [0x2F] : []),
                isFolder: kind == S_IFDIR,
                size: Int64(status.st_size), modified: status.modified)
        }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }
}
