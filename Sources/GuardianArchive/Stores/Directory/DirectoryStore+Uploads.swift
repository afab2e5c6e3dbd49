import Foundation
import GuardianCore
import NIOPosix

extension DirectoryStore {
    func file(of ticket: UploadTicket) -> String {
        "\(uploads)/\(ticket.key.bucket)/\(FolderEntry.encode(ticket.mark.utf8))"
    }

    public func begin(_ key: ObjectKey) async throws -> any ObjectUpload {
        try await threads.runIfActive {
            guard try receipt(of: key) == nil else { throw Self.taken(key) }
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
                // Only finishing and aborting take the file away, and what is aborted has no object.
                guard let finished else {
                    throw GuardianError(
                        .notFound, "The upload of \(ticket.key) is not there any more: begin it again.")
                }
                return DirectoryUpload(store: self, ticket: ticket, finished: finished)
            }
            if finished != nil {
                // A crash between the second name and the end of the first leaves one file with both.
                guard file.isAlso(self.path(of: ticket.key)) else { throw Self.taken(ticket.key) }
                return DirectoryUpload(store: self, ticket: ticket, file: file)
            }
            // What was not yet safe on the disk may be anything after a power cut.
            try file.cut(to: ticket.stored)
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
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !kept.contains(name)
            {
                var status = stat()
                guard lstat("\(folder)/\(name)", &status) == 0, status.modified < time else { continue }
                guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                    throw FileFailure.error(errno, "What an upload left cannot be removed", "\(folder)/\(name)")
                }
                removed += 1
            }
            return removed
        }
    }

    static func taken(_ key: ObjectKey) -> GuardianError {
        GuardianError(.alreadyExists, "There is an object \(key) already; objects are never replaced.")
    }
}
