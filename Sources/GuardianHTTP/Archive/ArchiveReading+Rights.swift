import GuardianCore
public import GuardianIdentity

extension ArchiveReading {
    /// Returns the operations for somebody with these rights: what cameras that they do not see recorded does not exist.
    public func seen(by rights: CameraRights) -> ArchiveReading {
        guard case .only(let seen) = rights else { return self }
        let all = self
        var mine = self
        @Sendable func limited(_ query: ArchiveQuery) -> ArchiveQuery {
            var query = query
            query.cameras = query.cameras.map(seen.intersection) ?? seen
            return query
        }
        // Also what the archive answers is checked: the edge's archive is its node's.
        mine.list = { query, limit, cursor in
            let query = limited(query)
            // On the way to the node, no camera would mean all of them.
            guard query.cameras?.isEmpty == false else { return ArchivePage(items: [], nextCursor: nil) }
            let page = try await all.list(query, limit, cursor)
            return ArchivePage(items: page.items.filter { seen.contains($0.camera) }, nextCursor: page.nextCursor)
        }
        mine.pictures = { query, limit, cursor in
            let query = limited(query)
            guard query.cameras?.isEmpty == false else { return ArchivePage(items: [], nextCursor: nil) }
            let page = try await all.pictures(query, limit, cursor)
            return ArchivePage(items: page.items.filter { seen.contains($0.camera) }, nextCursor: page.nextCursor)
        }
        mine.clip = { id in
            let clip = try await all.clip(id)
            guard seen.contains(clip.camera) else { throw GuardianError.noArchived(id) }
            return clip
        }
        mine.picture = { event in
            let picture = try await all.picture(event)
            guard seen.contains(picture.camera) else { throw GuardianError.noArchivedPicture(of: event) }
            return picture
        }
        mine.content = { [mine] item in
            switch item {
            case .part(let clip, _): _ = try await mine.clip(clip)
            case .snapshot(let event): _ = try await mine.picture(event)
            }
            return try await all.content(item)
        }
        mine.hold = { [mine] clip, isHeld in
            _ = try await mine.clip(clip)
            return try await all.hold(clip, isHeld)
        }
        mine.cameras = cameras.seen(by: rights)
        return mine
    }
}
