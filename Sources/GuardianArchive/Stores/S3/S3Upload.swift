import GuardianCore
import NIOCore

/// An upload to an S3 server. Parts are sent when they are full, concurrently when several are. A small object is
/// stored with one request in `finish`.
actor S3Upload: ObjectUpload {
    private let store: S3Store
    private(set) var ticket: UploadTicket
    private var parts: [S3Part]
    /// Bytes after the parts; fewer than one part.
    private var pending = ByteBuffer()
    private var receipt: ObjectReceipt?
    private var isAborted = false

    nonisolated let pieceSize: Int

    /// - Parameter finished: the receipt of an upload that was finished before.
    init(store: S3Store, ticket: UploadTicket, parts: [S3Part] = [], finished: ObjectReceipt? = nil) {
        self.store = store
        self.parts = parts
        self.ticket = ticket
        self.ticket.stored = finished?.size ?? parts.reduce(0) { $0 + $1.size }
        receipt = finished
        pieceSize = store.client.configuration.partSize
    }

    var offset: Int64 { receipt?.size ?? ticket.stored + Int64(pending.readableBytes) }

    /// Sends whole parts concurrently. When one fails, those before it count and the rest is not accepted.
    func append(_ bytes: ByteBuffer) async throws -> UploadTicket {
        try checkOpen()
        var rest = pending
        if rest.readableBytes == 0 { rest = bytes } else { rest.writeImmutableBuffer(bytes) }
        var whole: [ByteBuffer] = []
        while rest.readableBytes >= pieceSize, let piece = rest.readSlice(length: pieceSize) { whole.append(piece) }
        if !whole.isEmpty { try await send(whole) }
        pending = rest
        return ticket
    }

    private func send(_ pieces: [ByteBuffer]) async throws {
        let first = parts.count + 1
        guard first + pieces.count <= S3Store.maximumParts else {
            throw GuardianError(.outOfRange, "The object \(ticket.key) needs more parts than the S3 store allows.")
        }
        let (store, key, id) = (store, ticket.key, try await multipart())
        // Keyed by number, because the parts finish in any order.
        let (sent, failure) = await withTaskGroup(of: Result<S3Part, any Error>.self) { group in
            for (number, piece) in zip(first..., pieces) {
                group.addTask {
                    do { return .success(try await store.uploadPart(number, piece, of: key, id)) } catch {
                        return .failure(error)
                    }
                }
            }
            var sent: [Int: S3Part] = [:]
            var failure: (any Error)?
            for await outcome in group {
                switch outcome {
                case .success(let part): sent[part.number] = part
                case .failure(let error): failure = error
                }
            }
            return (sent, failure)
        }
        while let part = sent[parts.count + 1] {
            parts.append(part)
            ticket.stored += part.size
            // The pending bytes were sent with the first part.
            pending = ByteBuffer()
        }
        if let failure { throw failure }
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
        // A multipart upload without parts is not needed any more.
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
        let receipt = try await store.create(.complete, ticket) { headers in
            let now = store.client.time.now()
            let etag = try await store.completeMultipart(all, of: ticket.key, id, headers: headers)
            return ObjectReceipt(key: ticket.key, size: size, etag: etag, storedAt: now)
        }
        guard receipt.size == size else {
            throw GuardianError(
                .dataLoss, "The S3 store has \(receipt.size) bytes of \(ticket.key), not \(size): check the store.")
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
