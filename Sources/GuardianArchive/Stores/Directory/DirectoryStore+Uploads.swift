import Foundation
import GuardianCore
import NIOPosix

extension DirectoryStore {
    func file(of ticket: UploadTicket) -> String {
        "\(uploads)/\(ticket.key.bucket)/\(FolderEntry.encode(ticket.mark.utf8))"
    }

    public func begin(_ key: ObjectKey) async throws -> any ObjectUpload {
        try await threads.runIfActive {
            guard try receipt(of: key) == nil else { throw Self.alreadyExists(key) }
            let ticket = UploadTicket.new(key)
            let path = file(of: ticket)
            try Folder.make(Folder.parent(path), below: folder)
            let file = try GrowingFile(path, creating: true)
            return DirectoryUpload(store: self, ticket: ticket, file: file)
        }
    }

    public func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload {
        try await threads.runIfActive {
            let path = file(of: ticket)
            let finished = try receipt(of: ticket.key)
            guard let file = try? GrowingFile(path, creating: false) else {
                // Only `finish` and `abort` remove the file, and an aborted upload has no object.
                guard let finished else {
                    throw GuardianError(
                        .notFound, "The upload of \(ticket.key) no longer exists: begin it again.")
                }
                return DirectoryUpload(store: self, ticket: ticket, finished: finished)
            }
            if finished != nil {
                // A crash between linking the object's name and unlinking the upload's leaves one file with both.
                guard file.isSameFile(as: self.path(of: ticket.key)) else { throw Self.alreadyExists(ticket.key) }
                return DirectoryUpload(store: self, ticket: ticket, file: file)
            }
            // Bytes that were not synced may have any value after a power cut.
            try file.truncate(to: ticket.stored)
            var ticket = ticket
            ticket.stored = file.length
            return DirectoryUpload(store: self, ticket: ticket, file: file)
        }
    }

    public func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int {
        try await threads.runIfActive {
            let folder = "\(uploads)/\(bucket)"
            let kept = Set(kept.map { FolderEntry.encode($0.mark.utf8) })
            var removed = 0
            // One upload that cannot be removed does not keep the others.
            var failure: GuardianError?
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !kept.contains(name)
            {
                var status = stat()
                guard lstat("\(folder)/\(name)", &status) == 0, status.modified < time else { continue }
                guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                    failure = FileFailure.error(errno, "An abandoned upload cannot be removed", "\(folder)/\(name)")
                    continue
                }
                removed += 1
            }
            if let failure { throw failure }
            return removed
        }
    }

    static func alreadyExists(_ key: ObjectKey) -> GuardianError {
        GuardianError(.alreadyExists, "The object \(key) already exists; objects are never replaced.")
    }
}
