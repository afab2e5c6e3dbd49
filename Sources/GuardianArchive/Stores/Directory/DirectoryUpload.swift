import Foundation
import GuardianCore
import NIOCore
import NIOPosix

/// An upload to a file in the folder of uploads, until the file gets the object's name.
actor DirectoryUpload: ObjectUpload {
    private let store: DirectoryStore
    private(set) var ticket: UploadTicket
    private(set) var offset: Int64
    private var file: GrowingFile?
    private var receipt: ObjectReceipt?

    /// Bytes between two syncs to the disk.
    nonisolated let pieceSize = 1 << 20

    init(store: DirectoryStore, ticket: UploadTicket, file: GrowingFile) {
        self.store = store
        self.ticket = ticket
        self.file = file
        offset = ticket.stored
    }

    /// An upload that was finished before.
    init(store: DirectoryStore, ticket: UploadTicket, finished: ObjectReceipt) {
        self.store = store
        self.ticket = ticket
        self.ticket.stored = finished.size
        receipt = finished
        offset = finished.size
    }

    func append(_ bytes: ByteBuffer) async throws -> UploadTicket {
        let file = try open()
        let at = offset
        let syncs = at + Int64(bytes.readableBytes) - ticket.stored >= Int64(pieceSize)
        try await store.threads.runIfActive {
            try file.write(bytes, at: at)
            if syncs { try file.sync() }
        }
        offset = at + Int64(bytes.readableBytes)
        if syncs { ticket.stored = offset }
        return ticket
    }

    func finish() async throws -> ObjectReceipt {
        if let receipt { return receipt }
        let file = try open()
        let (store, key, length) = (store, ticket.key, offset)
        let receipt = try await store.threads.runIfActive {
            // A failed write may have left bytes after those that were accepted.
            try file.truncate(to: length)
            try file.sync()
            return try store.place(file, as: key)
        }
        self.receipt = receipt
        self.file = nil
        ticket.stored = length
        return receipt
    }

    func abort() async throws {
        guard let file else { return }
        self.file = nil
        try await store.threads.runIfActive {
            guard unlink(file.path) == 0 || errno == ENOENT else {
                throw FileFailure.error(errno, "An upload cannot be removed", file.path)
            }
        }
    }

    private func open() throws -> GrowingFile {
        guard let file else {
            throw GuardianError(.failedPrecondition, "The upload of \(ticket.key) has ended.")
        }
        return file
    }
}

extension DirectoryStore {
    /// Gives an upload's file the object's name. May be repeated after a crash in the middle of it.
    fileprivate func place(_ file: GrowingFile, as key: ObjectKey) throws -> ObjectReceipt {
        let path = path(of: key)
        let folder = Folder.parent(path)
        // A concurrent deletion may remove the empty folder before the file is linked there.
        for _ in 0..<100 {
            do {
                try Folder.make(folder, below: self.folder)
                try Placement.place(file.path, at: path)
                break
            } catch let error as GuardianError where error.code == .notFound && file.isSameFile(as: file.path) {
                continue
            } catch let error as GuardianError where error.code == .alreadyExists {
                guard file.isSameFile(as: path) else { throw Self.alreadyExists(key) }
                unlink(file.path)
                break
            }
        }
        try Folder.sync(folder)
        guard let receipt = try receipt(of: key) else {
            throw GuardianError(.aborted, "The object \(key) was deleted while it was stored: store it again.")
        }
        return receipt
    }
}
