import GuardianCore

/// How the opening of a clip ended.
public enum OpeningOutcome: Hashable, Sendable {
    /// Every segment opened, up to the one that is marked as the last.
    case complete
    /// Every whole segment opened, but none is marked as the last: the recording was cut off.
    case interrupted
    case refused(OpeningRefusal)
}

/// The result of opening a clip.
public struct OpeningResult: Hashable, Sendable {
    public var outcome: OpeningOutcome
    /// Bytes of plaintext that were output; all are from verified segments.
    public var plaintextLength: Int64
    /// SHA-256 of the plaintext that was output; `nil` when the clip was refused before its body.
    public var plaintextHash: Hash256?
    /// Bytes after the last whole segment that were skipped; 0 unless salvaging.
    public var tornBytes: Int64

    init(
        outcome: OpeningOutcome, plaintextLength: Int64 = 0, plaintextHash: Hash256? = nil, tornBytes: Int64 = 0
    ) {
        self.outcome = outcome
        self.plaintextLength = plaintextLength
        self.plaintextHash = plaintextHash
        self.tornBytes = tornBytes
    }

    /// For a person.
    public var sentence: String {
        switch outcome {
        case .complete: "The clip is complete: \(plaintextLength) bytes."
        case .interrupted where tornBytes > 0:
            "The clip was cut off: \(plaintextLength) bytes were salvaged, the last \(tornBytes) bytes were incomplete."
        case .interrupted: "The recording was interrupted: \(plaintextLength) bytes, up to where it was cut off."
        case .refused(let refusal): refusal.sentence
        }
    }
}
