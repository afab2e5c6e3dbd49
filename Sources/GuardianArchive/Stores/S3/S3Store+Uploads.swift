import GuardianCore

extension S3Store {
    public func begin(_ key: ObjectKey) async throws -> any ObjectUpload {
        guard try await findIfVisible(key) == nil else {
            throw GuardianError(.alreadyExists, "The object \(key) already exists; objects are never replaced.")
        }
        return S3Upload(store: self, ticket: UploadTicket.new(key), parts: [])
    }

    public func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload {
        if let receipt = try await ownObject(of: ticket) {
            return S3Upload(store: self, ticket: ticket, finished: receipt)
        }
        guard let upload = ticket.uploadID else {
            // The process may have crashed after the server began the upload and before the ticket was stored.
            let open: [S3OpenUpload]
            do {
                open = try await openUploads(in: ticket.key.bucket, prefix: ticket.key.name.text)
            } catch let error as GuardianError where error.code == .permissionDenied {
                // Nobody but the bucket's own rules can remove it then.
                open = []
            }
            for upload in open where ObjectName(upload.name) == ticket.key.name {
                try await abortMultipart(of: ticket.key.bucket, name: upload.name, upload.id)
            }
            return S3Upload(store: self, ticket: ticket, parts: [])
        }
        let parts: [S3Part]
        do {
            parts = try await self.parts(of: ticket.key, upload).sorted { $0.number < $1.number }
        } catch let error as GuardianError where error.code == .permissionDenied {
            // Without the right to list them, the parts that were stored are not known: all are sent again.
            try? await abortMultipart(of: ticket.key.bucket, name: ticket.key.name.text, upload)
            throw GuardianError(
                .notFound, "The parts of \(ticket.key) cannot be listed with these keys: begin the upload again.",
                cause: error)
        }
        // Only the last part may be smaller than the minimum. No part can follow it, so it is sent again.
        let whole = zip(parts, 1...).prefix { $0.number == $1 && $0.size >= S3Configuration.smallestPart }.map(\.0)
        return S3Upload(store: self, ticket: ticket, parts: whole)
    }

    public func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int {
        let kept = Set(kept.compactMap(\.uploadID))
        var removed = 0
        // One upload that cannot be aborted does not keep the others.
        var failure: GuardianError?
        for open in try await openUploads(in: bucket, prefix: prefix)
        where open.initiated < time && !kept.contains(open.id) {
            do { try await abortMultipart(of: bucket, name: open.name, open.id) } catch let error as GuardianError
                where !error.isRetryable
            {
                failure = error
                continue
            }
            removed += 1
        }
        if let failure { throw failure }
        return removed
    }
}
