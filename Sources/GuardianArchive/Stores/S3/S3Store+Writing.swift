import GuardianCore
import NIOCore

extension S3Store {
    /// Stores a whole object under the ticket's key and mark. Succeeds also when the ticket's own object already
    /// exists.
    func put(_ bytes: ByteBuffer, as ticket: UploadTicket) async throws -> ObjectReceipt {
        let request = S3Request(
            "PUT", ticket.key,
            headers: [("Content-Type", Self.contentType), (Self.markHeader, ticket.mark)], body: bytes)
        return try await inBucket(of: ticket.key) {
            try await self.create(.put, ticket) { headers in
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

    /// Creates an object if the key is free.
    ///
    /// - Parameter write: sends the request with the headers of its condition. It may have succeeded although its
    ///   response was lost.
    /// - Throws: `alreadyExists` when another object has the key.
    func create(
        _ kind: ConditionalWrites.Request, _ ticket: UploadTicket,
        _ write: ([(name: String, value: String)]) async throws -> ObjectReceipt
    ) async throws -> ObjectReceipt {
        if conditions.needsCheck(kind), let receipt = try await ownObject(of: ticket) { return receipt }
        let isConditional = conditions.maySupport(kind)
        do {
            return try await write(isConditional ? [("If-None-Match", "*")] : [])
        } catch let error as GuardianError where isConditional && conditions.mayHaveCaused(error, of: kind) {
            let receipt = try await write([])
            conditions.markUnsupported(kind)
            return receipt
        } catch let error as GuardianError where error.code == .alreadyExists {
            conditions.markProven(kind)
            guard let receipt = try await ownObject(of: ticket) else { throw error }
            return receipt
        } catch let error as GuardianError where error.s3?.code == "NoSuchUpload" {
            // The upload no longer exists, because it was finished or aborted.
            guard let receipt = try await ownObject(of: ticket) else { throw error }
            return receipt
        }
    }

    /// Returns the receipt of the object that this upload has created; `nil` when the key is free.
    ///
    /// - Returns: `nil` also when these keys may not see it.
    /// - Throws: `alreadyExists` when another one has the key.
    func ownObject(of ticket: UploadTicket) async throws -> ObjectReceipt? {
        guard let found = try await findIfVisible(ticket.key) else { return nil }
        guard found.mark == ticket.mark else {
            throw GuardianError(.alreadyExists, "The object \(ticket.key) already exists; objects are never replaced.")
        }
        return found.receipt
    }

    /// Returns an object before it is written. To keys without the right to list, a server answers 403 for an object that does
    /// not exist, as for one that they may not read: so this tells nothing, and the write itself must.
    func findIfVisible(_ key: ObjectKey) async throws -> (receipt: ObjectReceipt, mark: String?)? {
        do { return try await find(key) } catch let error as GuardianError where error.code == .permissionDenied {
            return nil
        }
    }

    /// Runs `write`. When the bucket is missing, creates it and runs `write` again.
    func inBucket<Value: Sendable>(of key: ObjectKey, _ write: () async throws -> Value) async throws -> Value {
        do {
            return try await write()
        } catch let error as GuardianError where error.s3?.code == "NoSuchBucket" {
            try await ensureBucket(key.bucket)
            return try await write()
        }
    }
}
