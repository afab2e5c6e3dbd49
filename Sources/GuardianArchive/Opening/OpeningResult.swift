import GuardianCore

/// How the opening of a clip ended.
public enum OpeningOutcome: Hashable, Sendable {
    /// To its last segment.
    case complete
    /// All its segments are whole, and none is the last: the recording was cut off here.
    case interrupted
    case refused(OpeningRefusal)
}

/// What came out of a clip.
public struct OpeningResult: Hashable, Sendable {
    public var outcome: OpeningOutcome
    /// Bytes of plaintext given out; each belongs to a segment that was checked.
    public var plaintextLength: Int64
    /// SHA-256 of them; `nil` when the clip was refused before its body.
    public var plaintextHash: Hash256?
    /// Bytes behind the last whole segment that were passed over; only a salvage has any.
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
            "The clip was cut off: \(plaintextLength) bytes were salvaged, \(tornBytes) bytes behind them were not whole."
        case .interrupted: "The recording was interrupted: \(plaintextLength) bytes, up to where it was cut off."
        case .refused(let refusal): refusal.sentence
        }
    }
}
