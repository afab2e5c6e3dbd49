import Foundation
import GuardianCore
import NIOCore
import NIOPosix

/// Stores objects as files: `<folder>/<bucket>/<name>`. An upload's file is in `<folder>/.uploads/<bucket>` until it is
/// complete and on the disk; then it gets its name in one step, and only when the name is free.
///
/// `a` and `a/b` cannot both be objects, because `a` would be a file and a folder.
public struct DirectoryStore: ObjectStore {
    let folder: String
    let threads: NIOThreadPool

    /// - Parameter folder: an absolute path; created when it is missing, for this user only.
    /// - Throws: `permissionDenied` and the like when it cannot be created; `unimplemented` when its file system has no hard
    ///   links.
    public init(folder: String, threads: NIOThreadPool = .singleton) throws {
        let path = URL(filePath: folder).standardizedFileURL.path
        self.folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        self.threads = threads
        do {
            try FileManager.default.createDirectory(
                atPath: self.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .permissionDenied, "The archive's folder \(folder) cannot be created: create it for this user.",
                cause: error)
        }
        try Folder.make(uploads, below: self.folder)
        try Placement.check(uploads)
    }

    var uploads: String { "\(folder)/.uploads" }
    func folder(of bucket: BucketName) -> String { "\(folder)/\(bucket)" }

    func path(of key: ObjectKey) -> String {
        let components = key.name.text.utf8.split(separator: 0x2F).map(FolderEntry.encode)
        return ([folder(of: key.bucket)] + components).joined(separator: "/")
    }

    public func ensureBucket(_ bucket: BucketName) async throws {
        try await threads.runIfActive { try Folder.make(folder(of: bucket), below: folder) }
    }

    public func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt {
        let upload = try await begin(key)
        do {
            try await upload.append(bytes)
            return try await upload.finish()
        } catch {
            try? await upload.abort()
            throw error
        }
    }

    public func head(_ key: ObjectKey) async throws -> ObjectReceipt? {
        try await threads.runIfActive { try receipt(of: key) }
    }

    func receipt(of key: ObjectKey) throws -> ObjectReceipt? {
        let path = path(of: key)
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw FileFailure.error(errno, "The status of an object cannot be read", path)
            }
            return nil
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return ObjectReceipt(key: key, size: Int64(status.st_size), etag: status.etag, storedAt: status.modified)
    }

    public func delete(_ key: ObjectKey) async throws {
        try await threads.runIfActive {
            let path = path(of: key)
            guard unlink(path) == 0 else {
                guard errno == ENOENT || errno == ENOTDIR else {
                    throw FileFailure.error(errno, "An object cannot be deleted", path)
                }
                return
            }
            do {
                try Folder.sync(Folder.parent(path))
            } catch let error as GuardianError where error.code == .notFound {
                // Another deletion has removed the empty folder.
            }
            Folder.prune(Folder.parent(path), below: folder(of: key.bucket))
        }
    }
}

extension stat {
    /// Identifies the bytes: objects are never written again, so that inode number, length and time are enough.
    var etag: String {
        [UInt64(st_ino), UInt64(st_size), UInt64(st_mtim.tv_sec) &* 1_000_000_000 &+ UInt64(st_mtim.tv_nsec)]
            .map { String($0, radix: 16) }.joined(separator: "-")
    }

    var modified: Timestamp {
        Timestamp(milliseconds: Int64(st_mtim.tv_sec) * 1_000 + Int64(st_mtim.tv_nsec) / 1_000_000)
    }
}
