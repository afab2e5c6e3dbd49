import GuardianCore

/// How old clips may become, by their beginning.
package struct ClipAgeLimit: Sendable, Hashable {
    /// Clips that began before these times are deleted.
    package struct Times: Sendable, Hashable {
        /// For clips that wait for the archive.
        package let waiting: Timestamp
        /// For all others.
        package let others: Timestamp

        package init(waiting: Timestamp, others: Timestamp) { (self.waiting, self.others) = (waiting, others) }
    }

    /// Days that a clip stays longer at most while it waits for the archive: evidence is to be archived first, but who wants
    /// footage to be gone after some days does not want an archive that is out of reach to keep it.
    private static let longestGrace = 7
    private static let day: Int64 = 86_400_000

    package let days: Int

    package init(days: Int) { self.days = days }

    /// Days that a clip stays longer while it waits for the archive: at most as many again.
    package var grace: Int { min(days, Self.longestGrace) }

    package func times(at now: Timestamp) -> Times {
        let others = now + Int64(-days) * Self.day
        return Times(waiting: others + Int64(-grace) * Self.day, others: others)
    }
}
