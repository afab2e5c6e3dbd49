import GuardianCore

/// What the archive keeps, and under which name: ids and plain words alone, so that names tell a store nothing and two
/// things never share one.
public enum ArchiveObject: Hashable, Sendable {
    /// `clips/{clip id}/{part}.grdn`
    case clip(ClipID, part: Int)
    /// `events/{event id}/snapshot.grdn`
    case snapshot(EventID)

    public var name: ObjectName {
        switch self {
        case .clip(let id, let part): ObjectName(plain: "clips/\(id)/\(part).grdn")
        case .snapshot(let event): ObjectName(plain: "events/\(event)/snapshot.grdn")
        }
    }

    /// What a name stands for; `nil` when it is not one of ours.
    public init?(name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        if parts[0] == "clips", let id = ClipID(String(parts[1])), parts[2].hasSuffix(".grdn"),
            let part = Int(parts[2].dropLast(5)), part >= 0
        {
            self = .clip(id, part: part)
        } else if parts[0] == "events", let id = EventID(String(parts[1])), parts[2] == "snapshot.grdn" {
            self = .snapshot(id)
        } else {
            return nil
        }
        // Other spellings of the same thing (`07.grdn`, an id in capitals) are not ours.
        guard self.name.text == name else { return nil }
    }
}
