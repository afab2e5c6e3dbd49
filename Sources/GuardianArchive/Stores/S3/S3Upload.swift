import GuardianCore
import NIOCore

/// An object that grows on a server: parts go there as they fill. A small one is stored at once when it is finished.
actor S3Upload: ObjectUpload {
    private let store: S3Store
    private(set) var ticket: UploadTicket
    private var parts: [S3Part]
    /// Behind the parts, less than one.
    private var pending = ByteBuffer()
    private var receipt: ObjectReceipt?
    private var isAborted = false

    nonisolated let pieceSize: Int

    /// - Parameter finished: its receipt, when it had finished before.
    init(store: S3Store, ticket: UploadTicket, parts: [S3Part] = [], finished: ObjectReceipt? = nil) {
        self.store = store
        self.parts = parts
        self.ticket = ticket
        self.ticket.stored = finished?.size ?? parts.reduce(0) { $0 + $1.size }
        receipt = finished
        pieceSize = store.client.configuration.partSize
    }

    var offset: Int64 { receipt?.size ?? ticket.stored + Int64(pending.readableBytes) }

    func append(_ bytes: ByteBuffer) async throws -> UploadTicket {
        try checkOpen()
        var bytes = bytes
        // A part that could not be sent before goes first: what waits is never more than one.
        if pending.readableBytes >= pieceSize { try await sendPending() }
        while bytes.readableBytes > 0 {
            let room = min(pieceSize - pending.readableBytes, bytes.readableBytes)
            if pending.readableBytes == 0, let whole = bytes.readSlice(length: room) {
                pending = whole
            } else if var more = bytes.readSlice(length: room) {
                pending.writeBuffer(&more)
            }
            if pending.readableBytes >= pieceSize { try await sendPending() }
        }
        return ticket
    }

    private func sendPending() async throws {
        guard parts.count < S3Store.mostParts - 1 else {
            throw GuardianError(.outOfRange, "The object \(ticket.key) is too large for the S3 store's parts.")
        }
        let part = try await store.uploadPart(parts.count + 1, pending, of: ticket.key, try await multipart())
        parts.append(part)
        pending = ByteBuffer()
        ticket.stored += part.size
    }

    private func multipart() async throws -> String {
        if let id = ticket.uploadID { return id }
        let id = try await store.createMultipart(ticket)
        ticket.uploadID = id
        return id
    }

    func finish() async throws -> ObjectReceipt {
        if let receipt { return receipt }
        try checkOpen()
        let done = parts.isEmpty ? try await store.put(pending, as: ticket) : try await complete()
        // A multipart upload that got no part is of no use any more.
        if parts.isEmpty, let id = ticket.uploadID {
            try await store.abortMultipart(of: ticket.key.bucket, name: ticket.key.name.text, id)
        }
        receipt = done
        ticket.stored = done.size
        pending = ByteBuffer()
        return done
    }

    private func complete() async throws -> ObjectReceipt {
        let (store, ticket, size) = (store, ticket, offset)
        let id = try await multipart()
        let all =
            pending.readableBytes == 0
            ? parts : parts + [try await store.uploadPart(parts.count + 1, pending, of: ticket.key, id)]
        let receipt = try await store.once(.complete, ticket) { headers in
            let now = store.client.time.now()
            let etag = try await store.completeMultipart(all, of: ticket.key, id, headers: headers)
            return ObjectReceipt(key: ticket.key, size: size, etag: etag, storedAt: now)
        }
        guard receipt.size == size else {
            throw GuardianError(
                .dataLoss, "The S3 store has \(receipt.size) bytes of \(ticket.key), not \(size): look at it.")
        }
        return receipt
    }

    func abort() async throws {
        guard receipt == nil else { return }
        isAborted = true
        pending = ByteBuffer()
        guard let id = ticket.uploadID else { return }
        try await store.abortMultipart(of: ticket.key.bucket, name: ticket.key.name.text, id)
    }

    private func checkOpen() throws {
        guard receipt == nil, !isAborted else {
            throw GuardianError(.failedPrecondition, "The upload of \(ticket.key) has ended.")
        }
    }
}
