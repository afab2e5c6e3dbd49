import GuardianCore
import NIOCore

extension S3Store {
    /// Stores a whole object under the ticket's key and mark; once more when its own object stands there.
    func put(_ bytes: ByteBuffer, as ticket: UploadTicket) async throws -> ObjectReceipt {
        let request = S3Request(
            "PUT", ticket.key,
            headers: [("Content-Type", Self.contentType), (Self.markHeader, ticket.mark)], body: bytes)
        return try await inBucket(of: ticket.key) {
            try await self.once(.put, ticket) { headers in
                var request = request
                request.headers += headers
                let now = self.client.time.now()
                return try await self.client.send(request, "The object \(ticket.key) cannot be stored") {
                    answer throws(S3Failure) in
                    guard let etag = answer.etag else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
                    return ObjectReceipt(
                        key: ticket.key, size: Int64(bytes.readableBytes), etag: etag, storedAt: now)
                }
            }
        }
    }

    static let contentType = "application/octet-stream"

    /// Makes an object appear that nothing stands in the way of.
    ///
    /// - Parameter write: the request with the headers of its condition; it may have succeeded although its answer was lost.
    /// - Throws: `alreadyExists` when another object has the key.
    func once(
        _ kind: ConditionalWrites.Request, _ ticket: UploadTicket,
        _ write: ([(name: String, value: String)]) async throws -> ObjectReceipt
    ) async throws -> ObjectReceipt {
        if conditions.needsLook(kind), let receipt = try await ownObject(of: ticket) { return receipt }
        let isConditional = conditions.isWorthTrying(kind)
        do {
            return try await write(isConditional ? [("If-None-Match", "*")] : [])
        } catch let error as GuardianError where isConditional && error.code == .unimplemented {
            conditions.isRefused(kind)
            return try await write([])
        } catch let error as GuardianError where error.code == .alreadyExists {
            conditions.isProven(kind)
            guard let receipt = try await ownObject(of: ticket) else { throw error }
            return receipt
        } catch let error as GuardianError where error.s3?.code == "NoSuchUpload" {
            // It is gone because it was finished, or because it was aborted.
            guard let receipt = try await ownObject(of: ticket) else { throw error }
            return receipt
        }
    }

    /// The receipt of an object that this upload has made.
    ///
    /// - Throws: `alreadyExists` when another one has the key.
    func ownObject(of ticket: UploadTicket) async throws -> ObjectReceipt? {
        guard let found = try await look(at: ticket.key) else { return nil }
        guard found.mark == ticket.mark else {
            throw GuardianError(.alreadyExists, "There is an object \(ticket.key) already; objects are never replaced.")
        }
        return found.receipt
    }

    /// Makes the bucket when it is missing, and does it again.
    func inBucket<Value: Sendable>(of key: ObjectKey, _ write: () async throws -> Value) async throws -> Value {
        do {
            return try await write()
        } catch let error as GuardianError where error.s3?.code == "NoSuchBucket" {
            try await ensureBucket(key.bucket)
            return try await write()
        }
    }
}
