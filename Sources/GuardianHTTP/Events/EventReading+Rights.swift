import GuardianCore
public import GuardianIdentity

extension EventReading {
    /// Returns the queries for somebody with these rights: events of cameras that they do not see do not exist.
    public func seen(by rights: CameraRights) -> EventReading {
        guard case .only(let seen) = rights else { return self }
        let all = self
        var mine = self
        @Sendable func limited(_ query: EventQuery) -> EventQuery {
            var query = query
            query.cameras = query.cameras.map(seen.intersection) ?? seen
            return query
        }
        mine.list = { try await all.list(limited($0), $1, $2) }
        mine.density = { try await all.density(limited($0), $1, $2, $3) }
        mine.event = { try await all.event($0).flatMap { seen.contains($0.camera) ? $0 : nil } }
        mine.events = { try await all.events($0).filter { seen.contains($0.value.camera) } }
        mine.neighbours = { try await all.neighbours($0, $1.map(seen.intersection) ?? seen) }
        mine.cameras = cameras.seen(by: rights)
        return mine
    }
}
