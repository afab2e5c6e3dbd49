import GuardianCore

/// An object of the archive. Its name consists of ids and fixed words only, so that it is unique and reveals nothing to
/// the store.
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

    /// Parses a name; `nil` when it is not one of ours.
    public init?(name: String) {
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        guard components.count == 3 else { return nil }
        if components[0] == "clips", let id = ClipID(String(components[1])), components[2].hasSuffix(".grdn"),
            let part = Int(components[2].dropLast(5)), part >= 0
        {
            self = .clip(id, part: part)
        } else if components[0] == "events", let id = EventID(String(components[1])), components[2] == "snapshot.grdn" {
            self = .snapshot(id)
        } else {
            return nil
        }
        // Another spelling of the same name (`07.grdn`, an id in capitals) is not ours.
        guard self.name.text == name else { return nil }
    }
}
