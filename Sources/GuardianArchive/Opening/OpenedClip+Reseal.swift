import GuardianCore

extension OpenedClip {
    /// Everything before the body with other recipients: those of the file without `dropped`, and the new ones. The
    /// signed header and `bind` stay, so the body goes on behind it as it is, and so do checkpoints and the journal.
    ///
    /// Dropping takes nobody's knowledge away: who could open the clip before may have kept its key, or a copy.
    ///
    /// - Throws: `invalidArgument` when nobody would be left, more than 64, or one twice.
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

    /// The whole file with other recipients, block by block. The body is copied as it is, good or damaged.
    public nonisolated(nonsending) func reseal(
        adding added: [Recipient], dropping dropped: Set<RecipientKeyID> = [],
        into sink: ([UInt8]) async throws -> Void
    ) async throws {
        try await sink(try resealed(adding: added, dropping: dropped).bytes)
        var place = Int64(prefix.bodyOffset)
        while place < source.size {
            try Task.checkCancellation()
            let block = try await source.read(place, 256 * 1024)
            try await sink(block)
            place += Int64(block.count)
        }
    }
}
