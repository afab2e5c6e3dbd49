import GuardianCore

extension OpenedClip {
    /// Returns a prefix with other recipients: those of the file without `dropped`, and the new ones. The signed header
    /// and `bind` do not change, so the body, checkpoints and the journal stay valid.
    ///
    /// Dropping a recipient does not revoke access: its holder may have kept the clip key, or a copy of the file.
    ///
    /// - Throws: `invalidArgument` when the result has no recipients, more than 64, or a duplicate.
    public func resealed(adding added: [Recipient], dropping dropped: Set<RecipientKeyID> = []) throws -> SealedPrefix {
        let kept = prefix.recipients.filter { !dropped.contains($0.keyID) }
        let stanzas = try kept + added.map { try RecipientStanza(clipKey, to: $0, bind: prefix.bind) }
        guard (1...SealedFormat.recipientLimit).contains(stanzas.count),
            Set(stanzas.map(\.keyID)).count == stanzas.count
        else {
            throw GuardianError(
                .invalidArgument,
                "A clip is sealed to 1 to \(SealedFormat.recipientLimit) recipients, each once; these would be \(stanzas.count)."
            )
        }
        return SealedPrefix(
            header, bound: Array(prefix.bytes[..<prefix.recipientsRange.lowerBound]), bind: prefix.bind,
            stanzas: stanzas, clipKey: clipKey)
    }

    /// Writes the whole file with other recipients, block by block. The body is copied without being verified.
    public nonisolated(nonsending) func reseal(
        adding added: [Recipient], dropping dropped: Set<RecipientKeyID> = [],
        into sink: ([UInt8]) async throws -> Void
    ) async throws {
        try await sink(try resealed(adding: added, dropping: dropped).bytes)
        var offset = Int64(prefix.bodyOffset)
        while offset < source.size {
            try Task.checkCancellation()
            let block = try await source.read(offset, 256 * 1024)
            try await sink(block)
            offset += Int64(block.count)
        }
    }
}
