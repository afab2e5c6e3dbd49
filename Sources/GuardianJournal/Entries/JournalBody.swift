import GuardianCore

/// What an entry says. An entry about an event or clip holds its complete state at that time, so that the newest entry
/// alone gives the current state, in whatever order entries arrive.
public enum JournalBody: Hashable, Sendable {
    case eventOpened(Event, Judgement)
    case eventUpdated(Event)
    /// Closed, or interrupted: the event's state says which.
    case eventClosed(Event)
    case clipOpened(Clip)
    /// Complete, or interrupted: the clip's state says which.
    case clipClosed(Clip)
    /// The archive has all of a clip that it will ever have.
    case clipSealed(SealedClip)
    /// The owner keeps an event, or no longer keeps it.
    case eventKept(Keep)
    case coverage(Coverage)
    case tombstone(Tombstone)
    /// The first entry of a chain that follows another one.
    case chainBegun(ChainBeginning)
    /// A kind that this version does not know: stored and verified, but not shown. Cannot be written.
    case unknown(kind: String)

    /// The entry's `kind`.
    public var kind: String {
        switch self {
        case .eventOpened: "event_opened"
        case .eventUpdated: "event_updated"
        case .eventClosed: "event_closed"
        case .clipOpened: "clip_opened"
        case .clipClosed: "clip_closed"
        case .clipSealed: "clip_sealed"
        case .eventKept: "event_kept"
        case .coverage: "coverage"
        case .tombstone: "tombstone"
        case .chainBegun: "chain_begun"
        case .unknown(let kind): kind
        }
    }

    /// The event that the entry is about.
    public var event: Event? {
        switch self {
        case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event): event
        default: nil
        }
    }

    /// The clip that the entry is about.
    public var clip: Clip? {
        switch self {
        case .clipOpened(let clip), .clipClosed(let clip): clip
        default: nil
        }
    }
}

/// What the decision that an event began is based on.
public struct Judgement: Hashable, Sendable {
    public enum ClockState: String, Hashable, Sendable, CaseIterable {
        /// The system reports that its clock follows a time server.
        case synchronised
        case unsynchronised
        case unknown
    }

    /// Name and version, e.g. `guardian 0.1.0`.
    public var software: String
    /// SHA-256 of the model's file.
    public var model: Hash256
    /// The thresholds, by name, in thousandths or milliseconds.
    public var thresholds: [String: Int64]
    public var clock: ClockState

    public init(software: String, model: Hash256, thresholds: [String: Int64], clock: ClockState) {
        self.software = software
        self.model = model
        self.thresholds = thresholds
        self.clock = clock
    }
}

/// Says that something was deleted, and why; its hash stays in the journal.
public struct Tombstone: Hashable, Sendable {
    public enum Subject: Hashable, Sendable {
        case event(EventID)
        case clip(ClipID)
        /// An event's picture; the event stays.
        case snapshot(EventID)
    }

    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// Its retention time was over, or its room was needed.
        case expired
        /// A person deleted it.
        case erased
    }

    /// Why it expired. A member of its own beside `reason`: older versions pass it over, and would refuse another reason.
    public enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
        /// It was older than the owner wants footage to be.
        case age
    }

    public var subject: Subject
    public var reason: Reason
    /// `nil`: its room was needed, or an older version wrote it.
    public var cause: Cause?
    /// SHA-256 of the deleted file, if it was known.
    public var sha256: Hash256?

    public init(subject: Subject, reason: Reason, cause: Cause? = nil, sha256: Hash256? = nil) {
        self.subject = subject
        self.reason = reason
        self.cause = cause
        self.sha256 = sha256
    }
}

/// Limits of one entry. More is rejected with an error, and never truncated.
public enum JournalLimits {
    /// Bytes of a payload.
    public static let payload = 262_144
    /// Points of an event's path.
    public static let path = 2_000
    /// Clips of one event.
    public static let clips = 1_000
    /// Bytes of a text for people.
    public static let text = 1_000
    /// Thresholds of a judgement.
    public static let thresholds = 64
    /// Parts of a sealed clip.
    public static let parts = 1_000
    /// Entries of one append.
    public static let append = 1_000
}
