import GuardianCore

/// The catalogue's statements as text, so that a test can check their query plans.
package enum CatalogueSQL {
    package static let eventPayload =
        "SELECT payload FROM entries WHERE position = (SELECT position FROM events WHERE id = ?)"
    package static let clipPayload =
        "SELECT payload FROM entries WHERE position = (SELECT position FROM clips WHERE id = ?)"
    package static let openEvents = "SELECT id FROM events WHERE state = 'open' ORDER BY id"
    package static let openClips = "SELECT id FROM clips WHERE state = 'recording' ORDER BY id"
    package static let eventsOfClip = "SELECT event FROM event_clips WHERE clip = ? ORDER BY event"
    /// The cameras that have events, one after the other, because `DISTINCT` would read the whole index; argument: the one before.
    package static let firstCamera = "SELECT min(camera) FROM events"
    package static let nextCamera = "SELECT min(camera) FROM events WHERE camera > ?"
    /// The event before another one; arguments: cameras (if filtered by), the other one.
    package static func eventBefore(cameras: Int? = nil) -> String {
        """
        SELECT id FROM \(source(cameras: cameras, label: false, kept: false))
        WHERE \(camera(cameras))(started_at, id) < (SELECT started_at, id FROM events WHERE id = ?)
        ORDER BY started_at DESC, id DESC LIMIT 1
        """
    }
    /// The event after another one; arguments: cameras (if filtered by), the other one.
    package static func eventAfter(cameras: Int? = nil) -> String {
        """
        SELECT id FROM \(source(cameras: cameras, label: false, kept: false))
        WHERE \(camera(cameras))(started_at, id) > (SELECT started_at, id FROM events WHERE id = ?)
        ORDER BY started_at, id LIMIT 1
        """
    }
    /// Whether an event that a clip shows is kept; argument: the clip.
    package static let isKept = """
        EXISTS (SELECT 1 FROM event_clips JOIN keeps ON keeps.event = event_clips.event
            WHERE event_clips.clip = ? AND keeps.kept = 1)
        """
    /// Arguments: the cursor's time and id, limit.
    package static func oldestClips(onlyContinuous: Bool) -> String {
        """
        SELECT id, started_at FROM clips INDEXED BY \(onlyContinuous ? "clips_continuous" : "clips_on_disk")
        WHERE (started_at, id) > (?, ?) AND removed = 0 AND state <> 'recording'
            \(onlyContinuous ? "AND continuous = 1" : "") AND NOT \(isKept.replacing("?", with: "clips.id"))
        ORDER BY started_at, id LIMIT ?
        """
    }

    /// Arguments: the cursor's time and id, the time before which they began, the highest position of their entries, limit.
    package static let agedClips = """
        SELECT id, started_at FROM clips INDEXED BY clips_on_disk
        WHERE (started_at, id) > (?, ?) AND started_at < ? AND removed = 0 AND state <> 'recording' AND position <= ?
            AND NOT \(isKept.replacing("?", with: "clips.id"))
        ORDER BY started_at, id LIMIT ?
        """
    /// How far the journal was at the first believed time from one on; argument: that one.
    package static let believedPosition = "SELECT position FROM believed_days WHERE at >= ? ORDER BY at LIMIT 1"

    /// A page of clips whose files were not deleted, newest first; arguments: cameras (if filtered by), from, to, the cursor's
    /// time and id (if there is one), limit.
    package static func clips(_ kind: Clip.Kind?, cameras: Int?, cursor: Bool) -> String {
        let isContinuous = kind.map { $0 == .continuous }
        return """
            SELECT id, started_at FROM clips INDEXED BY \(isContinuous == true ? "clips_continuous" : "clips_left")
            WHERE removed = 0 \(isContinuous.map { "AND continuous = \($0 ? 1 : 0)" } ?? "")
                AND \(camera(cameras))started_at >= ? AND started_at < ?
                \(cursor ? "AND (started_at, id) < (?, ?)" : "")
            ORDER BY started_at DESC, id DESC LIMIT ?
            """
    }

    /// The first change of one kind of a device's camera.
    package static let firstChange = """
        SELECT at FROM coverage WHERE device = ? AND family = ? AND camera = ? AND change = ?
        ORDER BY at, chain, sequence LIMIT 1
        """
    package static let firstCoveredCamera =
        "SELECT camera FROM coverage WHERE device = ? AND family = ? ORDER BY camera LIMIT 1"
    package static let nextCoveredCamera =
        "SELECT camera FROM coverage WHERE device = ? AND family = ? AND camera > ? ORDER BY camera LIMIT 1"

    /// A page of events, newest first; arguments: cameras and label (if filtered by), from, to, the cursor's time and id
    /// (if there is one), limit.
    package static func page(cameras: Int?, label: Bool, cursor: Bool, kept: Bool = false) -> String {
        // The comparison of row values makes the cursor an upper bound of one index range, as `to` is.
        """
        SELECT events.id AS id, started_at, payload FROM \(source(cameras: cameras, label: label, kept: kept))
        JOIN entries ON entries.position = events.position
        WHERE \(condition(cameras: cameras, label: label))\(cursor ? " AND (started_at, events.id) < (?, ?)" : "")
        ORDER BY started_at DESC, events.id DESC LIMIT ?
        """
    }

    /// Events counted by steps of time; arguments: from, step, cameras and label (if filtered by), from, to.
    package static func density(cameras: Int?, label: Bool, kept: Bool = false) -> String {
        """
        SELECT (started_at - ?) / ? AS step, count(*) AS count FROM \(source(cameras: cameras, label: label, kept: kept))
        WHERE \(condition(cameras: cameras, label: label)) GROUP BY step ORDER BY step
        """
    }

    private static func condition(cameras: Int?, label: Bool) -> String {
        camera(cameras) + (label ? "label = ? AND " : "") + "started_at >= ? AND started_at < ?"
    }

    /// The condition that a row is of one of so many cameras; nothing without a filter. SQLite allows an empty list.
    private static func camera(_ count: Int?) -> String {
        guard let count else { return "" }
        return count == 1
            ? "camera = ? AND " : "camera IN (\(Array(repeating: "?", count: count).joined(separator: ", "))) AND "
    }

    /// Names the index, because SQLite without statistics may choose another one and sort. Kept events are few, so they
    /// are looked up one by one.
    private static func source(cameras: Int?, label: Bool, kept: Bool) -> String {
        guard !kept else {
            return """
                keeps INDEXED BY keeps_in_force CROSS JOIN events
                    ON events.id = keeps.event AND events.device = keeps.device AND keeps.kept = 1
                """
        }
        return "events INDEXED BY \(cameras == 1 ? "events_by_camera" : label ? "events_by_label" : "events_by_time")"
    }
}
