import GuardianCore

/// Reads the fields of a node's answer about its archive: the node may be somebody else's, and may have been taken over.
enum WireField {
    static var impossible: GuardianError {
        GuardianError(.internal, "The node's answer about its archive is impossible.")
    }

    /// - Throws: `internal` when the text is no UUID.
    static func id<Kind>(_ text: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { throw impossible }
        return id
    }

    /// - Throws: `internal` when there are too many, or one is no UUID.
    static func ids<Kind>(_ texts: [String]) throws -> [Identifier<Kind>] {
        try checked(texts, to: ArchiveLimits.shown).map(id)
    }

    /// - Throws: `internal` when there are more than `limit`.
    static func checked<Element>(_ list: [Element], to limit: Int) throws -> [Element] {
        guard list.count <= limit else { throw impossible }
        return list
    }

    /// - Throws: `internal` outside of the range.
    static func number(_ number: some BinaryInteger, in range: ClosedRange<Int64>) throws -> Int64 {
        guard let number = range.checked(number) else { throw impossible }
        return number
    }

    /// A time; one that a timestamp cannot express becomes the nearest that it can: it may come from the id that a recorder
    /// gave its clip, which must not keep others from being listed.
    static func time(_ milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: min(max(milliseconds, Timestamp.range.lowerBound), Timestamp.range.upperBound))
    }

    /// A text for people, shortened; `nil` when it is empty.
    static func text(_ text: String) -> String? {
        text.isEmpty ? nil : PeerText.bounded(text, to: ArchiveLimits.text)
    }

    /// Texts for people: the first of them, shortened.
    static func sentences(_ texts: [String]) -> [String] {
        texts.prefix(ArchiveLimits.sentences).map { PeerText.bounded($0, to: ArchiveLimits.text) }
    }

    /// A name of printable characters; `nil` when it is empty.
    ///
    /// - Throws: `internal` when it is longer than `limit` bytes, or has other characters.
    static func name(_ text: String, to limit: Int) throws -> String? {
        guard !text.isEmpty else { return nil }
        guard text.utf8.count <= limit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw impossible }
        return text
    }

    /// A content type, as the recorder wrote it into the sealed file; `nil` when it is empty or no such text.
    static func contentType(_ text: String) -> String? {
        guard (1...ArchiveLimits.contentType).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        return text
    }
}
