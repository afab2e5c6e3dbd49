import GuardianArchive
import GuardianCore

extension TenantArchive {
    /// Returns the content of a sealed file: from the store if it is stored, otherwise from the spool.
    ///
    /// - Throws: `notFound` when there is no such part, or none of its bytes.
    func content(_ item: SealedItem) async throws -> SealedFile {
        let name = PartName(item)
        guard let part = try await ledger.part(name) else { throw Self.unknown(item) }
        switch part.state {
        case .stored: return try stored(part)
        case .refused:
            throw GuardianError(.notFound, "The archive had no room for it. \(part.reason ?? "")")
        case .failed:
            guard let found = try await foundAgain(part) else {
                throw GuardianError(.notFound, "The store has lost it. \(part.reason ?? "")")
            }
            return try stored(found)
        case .uploading, .sealed:
            guard part.size > 0 else {
                throw GuardianError(.notFound, "None of it has arrived yet; try again in a moment.")
            }
            do { return try growing(part) } catch let error as GuardianError where error.code == .notFound {
                // The part was stored after its row was read.
                guard let part = try await ledger.part(name), part.state == .stored else { throw error }
                return try stored(part)
            }
        }
    }

    /// Looks for an object that counted as lost: it may have been put back, or its disk was away.
    private func foundAgain(_ part: StoredPart) async throws -> StoredPart? {
        guard let key = part.key, part.sha256 != nil else { return nil }
        try await places.require(key.bucket)
        guard try await objects.head(key)?.size == part.size else { return nil }
        try await ledger.markFound(part)
        logger.notice("archived objects are there again", metadata: ["objects": "1"])
        return try await ledger.part(part.name)
    }

    private func growing(_ part: StoredPart) throws -> SealedFile {
        let file = try spool.file(of: part.name)
        // Received bytes never change, so the length identifies the content.
        return SealedFile(size: part.size, etag: "\"\(part.name.fileName)-\(part.size)\"", isGrowing: true) {
            range in
            { sink in try await file.read(range, into: sink) }
        }
    }

    private func stored(_ part: StoredPart) throws -> SealedFile {
        guard let key = part.key, let sha256 = part.sha256 else {
            throw GuardianError(.dataLoss, "The receipt of \(part.name) is incomplete.")
        }
        let (objects, places) = (objects, places)
        return SealedFile(size: part.size, etag: "\"\(sha256.hex)\"", isGrowing: false) { range in
            let content: ObjectContent
            do { content = try await objects.get(key, range: range) } catch let error as GuardianError {
                if error.code == .notFound { try await places.require(key.bucket) }
                throw Self.readFailure(error)
            }
            guard content.size == part.size else {
                throw GuardianError(
                    .dataLoss, "The object in the store has another length than its receipt says: it was replaced.")
            }
            return { sink in for try await piece in content.pieces { try await sink(piece) } }
        }
    }

    private static func readFailure(_ error: GuardianError) -> GuardianError {
        switch error.code {
        case .notFound:
            GuardianError(
                .notFound,
                "The archive has its receipt, but the object was removed from the store. The recorder may still have the clip.",
                cause: error)
        case .outOfRange:
            GuardianError(.dataLoss, "The object in the store is shorter than its receipt says.", cause: error)
        default: error
        }
    }

    private static func unknown(_ item: SealedItem) -> GuardianError {
        switch item {
        case .part(let clip, let part): GuardianError(.notFound, "The archive has no part \(part) of a clip \(clip).")
        case .snapshot(let event): GuardianError(.notFound, "The archive has no picture of an event \(event).")
        }
    }
}

extension PartName {
    init(_ item: SealedItem) {
        switch item {
        case .part(let clip, let part): self.init(kind: .clip, subject: clip.uuid, part: part)
        case .snapshot(let event): self.init(kind: .snapshot, subject: event.uuid, part: 0)
        }
    }
}
