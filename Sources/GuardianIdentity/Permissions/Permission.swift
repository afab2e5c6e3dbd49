/// One kind of thing that a request may want to do. Every route declares one; the raw values stand in tokens' scopes, and
/// so never change.
public enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
    /// Live pictures and sound of the cameras that the principal sees.
    case watchLive = "watch_live"
    /// Events, clips and pictures of those cameras.
    case readEvents = "read_events"
    /// Keep events, so that their clips are never deleted.
    case keepEvents = "keep_events"
    /// The archive's list and sealed clips of those cameras.
    case readArchive = "read_archive"
    /// Hold archived clips at the node.
    case holdArchive = "hold_archive"
    /// The state of the installation: disks, links, problems.
    case readStatus = "read_status"
    /// The journal's signed entries, which name every camera and cannot be divided.
    case readJournal = "read_journal"
    /// Numbers for monitoring.
    case readMetrics = "read_metrics"
    /// One's own password, second factor, sessions and tokens.
    case ownAccount = "own_account"
    /// Add, change, test and remove cameras.
    case manageCameras = "manage_cameras"
    /// Other people's accounts, sessions and tokens.
    case managePeople = "manage_people"
    /// Recording, retention, archive, recipients, the link to the node.
    case manageSettings = "manage_settings"
    /// The audit log.
    case readAudit = "read_audit"
    /// Restart, update, back up.
    case operate
}

extension Permission {
    /// What whoever sees some cameras only never has. People who manage people decide which cameras others see, and so read the names of
    /// all; and they could give an account of their own every camera, so that a limit would be none.
    static let forAllCamerasOnly: Set<Permission> = [.managePeople]
}

extension Role {
    public var permissions: Set<Permission> {
        switch self {
        case .owner: Set(Permission.allCases)
        case .member: [.watchLive, .readEvents, .keepEvents, .readArchive, .readStatus, .ownAccount]
        case .viewer: [.watchLive, .readEvents, .readArchive, .ownAccount]
        }
    }
}
