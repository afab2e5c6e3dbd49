import GuardianCore

/// Assigns sightings to tracks. A track keeps its number while the object moves, stands still, or is hidden by others.
///
/// Pure: the same calls give the same tracks. A track's label never changes.
public struct Tracker: Sendable {
    public internal(set) var tracks: [Track] = []
    public let settings: TrackerSettings
    /// Width of the frame divided by its height.
    public let aspect: Double
    private var nextID = 1

    public init(settings: TrackerSettings = TrackerSettings(), aspect: Double) {
        self.settings = settings
        self.aspect = aspect
    }

    /// Predicts every track's position at `time`.
    public mutating func predict(to time: MediaTime) {
        for index in tracks.indices { tracks[index].predict(to: time, settings: settings) }
    }

    /// Returns a track's predicted box, in fractions of the frame.
    public func box(of track: Track) -> Box { track.box(aspect: aspect) }

    /// Returns whether the track is entirely in the frame, unambiguous, and at least half its height away from every
    /// other track, so that no other object can be mistaken for it.
    public func isIsolated(_ track: Track) -> Bool {
        let box = box(of: track)
        let isWhole = box.x > 0.02 && box.right < 0.98 && box.y > 0.02 && box.bottom < 0.98
        return isWhole && !track.isAmbiguous
            && !tracks.contains { $0.id != track.id && distance(box, self.box(of: $0)) < 0.5 }
    }

    /// Updates the tracks with the sightings of one frame.
    ///
    /// - Parameters:
    ///   - sightings: one list for the whole frame, without duplicates.
    ///   - regions: where the detector ran; tracks elsewhere do not count as missed.
    ///   - time: media time of the frame, not before the previous call's.
    ///   - isMoving: whether there is motion in a box; called for tracks that have not moved yet.
    /// - Returns: the tracks in view: seen in this frame, or carried at their predicted position. Tracks that never
    ///   moved are left out: they count as background until they move.
    @discardableResult
    public mutating func update(
        _ sightings: [Sighting], lookedAt regions: [Box], at time: MediaTime, isMoving: (Box) -> Bool = { _ in true }
    ) -> [TrackSighting] {
        predict(to: time)
        var seen: [Int: Sighting] = [:]
        var high = sightings.filter { $0.score >= settings.high }
        let low = sightings.filter { $0.score >= settings.low && $0.score < settings.high }

        let active = tracks.indices.filter { tracks[$0].state != .lost }
        match(active, with: &high, limit: settings.pairLimit, into: &seen) { activeCost($0, $1, at: time) }
        var weak = low
        match(active.filter { seen[$0] == nil }, with: &weak, into: &seen) { overlapCost($0, $1) }
        let lost = tracks.indices.filter { tracks[$0].state == .lost }
        match(lost, with: &high, into: &seen) { lostCost($0, $1, at: time) }

        for (index, sighting) in seen {
            tracks[index].update(sighting, at: time, aspect: aspect, settings: settings)
            if tracks[index].hits >= settings.hitsToConfirm { tracks[index].state = .confirmed }
        }
        countMisses(seen: seen, lookedAt: regions, at: time)
        startTracks(high, seen: seen, at: time)
        recordEncounters(at: time)
        repairIdentities(at: time)
        removeTracks(at: time)
        for index in tracks.indices where !tracks[index].hasMoved && tracks[index].lastSeen == time {
            tracks[index].hasMoved = isMoving(box(of: tracks[index]))
        }
        return tracksInView(at: time)
    }

    // MARK: - Matching

    /// Matches tracks with sightings at the lowest total cost and removes the matched sightings from the list.
    private func match(
        _ rows: [Int], with sightings: inout [Sighting], limit: Double = 1, into seen: inout [Int: Sighting],
        cost: (Track, Sighting) -> Double?
    ) {
        guard !rows.isEmpty, !sightings.isEmpty else { return }
        let costs = rows.map { row in sightings.map { cost(tracks[row], $0) } }
        var matched: Set<Int> = []
        for (row, column) in Assignment.solve(costs, limit: limit) {
            seen[rows[row]] = sightings[column]
            matched.insert(column)
        }
        sightings = sightings.enumerated().filter { !matched.contains($0.offset) }.map(\.element)
    }

    /// Returns the distance between two boxes' centres, in heights of the first.
    func distance(_ box: Box, _ other: Box) -> Double {
        let x = (box.centerX - other.centerX) * aspect
        let y = box.centerY - other.centerY
        return (x * x + y * y).squareRoot() / max(0.01, box.height)
    }

    private func hasSimilarHeight(_ box: Box, _ other: Box, tolerance: Double) -> Bool {
        let ratio = other.height / max(0.01, box.height)
        return ratio < tolerance && ratio > 1 / tolerance
    }

    private func similarity(_ track: Track, _ sighting: Sighting) -> Double? {
        guard sighting.isClear, let known = track.knownAppearance ?? track.recentAppearance,
            let shown = sighting.appearance
        else {
            return nil
        }
        return known.similarity(shown)
    }

    /// Returns the cost of an appearance similarity: 0 for the same object, 1 for certainly another.
    private func appearanceCost(_ similarity: Double?) -> Double {
        similarity.map { min(1, max(0, (0.96 - $0) / 0.16)) } ?? 0.35
    }

    /// Stage one: cost of matching an active track with a sighting of high score; `nil` when they cannot match.
    private func activeCost(_ track: Track, _ sighting: Sighting, at time: MediaTime) -> Double? {
        guard track.label == sighting.label else { return nil }
        let box = box(of: track)
        let gate = min(settings.gateLimit, settings.gate + settings.gateGrowth * track.unseen(at: time))
        let far = distance(box, sighting.box)
        guard far < gate, hasSimilarHeight(box, sighting.box, tolerance: 1.6) else { return nil }
        let appearance = appearanceCost(similarity(track, sighting))
        return 0.45 * (1 - box.overlap(sighting.box)) + 0.2 * far / gate + 0.35 * appearance
    }

    /// Stage two: cost of matching an active track with a weak sighting at its predicted position.
    private func overlapCost(_ track: Track, _ sighting: Sighting) -> Double? {
        guard track.label == sighting.label else { return nil }
        let overlap = box(of: track).overlap(sighting.box)
        return overlap > 0.3 ? 1 - overlap : nil
    }

    /// Stage three: cost of matching a lost track with a sighting that may be the same object again.
    private func lostCost(_ track: Track, _ sighting: Sighting, at time: MediaTime) -> Double? {
        guard track.label == sighting.label else { return nil }
        let box = box(of: track)
        let gate = min(settings.gateLimit, settings.gate + settings.gateGrowth * track.unseen(at: time))
        let far = distance(box, sighting.box)
        guard far < gate, hasSimilarHeight(box, sighting.box, tolerance: 1.5) else { return nil }
        let similarity = similarity(track, sighting)
        if let similarity, similarity < settings.alike { return nil }
        // Without a comparable appearance the sighting must be closer to the predicted position.
        if similarity == nil, far > gate * 0.6 { return nil }
        return 0.5 * far / gate + 0.5 * appearanceCost(similarity)
    }

    // MARK: - Starting and ending tracks

    /// Counts a miss for every unseen track that the detector looked at or that left the frame.
    private mutating func countMisses(seen: [Int: Sighting], lookedAt regions: [Box], at time: MediaTime) {
        for index in tracks.indices where seen[index] == nil {
            let box = box(of: tracks[index])
            let looked = regions.contains { region in
                region.intersection(box).area > box.clipped.area * 0.7
            }
            guard looked || box.clipped.area < box.area * 0.3 else { continue }
            tracks[index].misses += 1
            if tracks[index].state == .confirmed, tracks[index].misses >= 2 { tracks[index].state = .lost }
        }
    }

    private mutating func startTracks(_ sightings: [Sighting], seen: [Int: Sighting], at time: MediaTime) {
        for sighting in sightings where sighting.score >= settings.new {
            // A second sighting of an object that is tracked already starts no second track.
            let isDuplicate = seen.values.contains { $0.label == sighting.label && $0.box.overlap(sighting.box) > 0.5 }
            if isDuplicate { continue }
            tracks.append(Track(id: nextID, sighting: sighting, time: time, aspect: aspect, settings: settings))
            nextID += 1
        }
    }

    private mutating func removeTracks(at time: MediaTime) {
        let current = self
        tracks.removeAll { track in
            switch track.state {
            case .tentative: return track.misses >= current.settings.missesOfNew
            case .confirmed, .lost:
                if track.unseen(at: time) > current.settings.keepLost { return true }
                // The object left the frame.
                let box = current.box(of: track)
                return track.state == .lost && box.clipped.area < box.area * 0.2
            }
        }
        // Two tracks of one object: the one with fewer sightings is removed.
        var duplicates: Set<Int> = []
        for first in tracks where first.state == .confirmed {
            for second in tracks where second.id > first.id && second.state == .confirmed {
                guard first.label == second.label, box(of: first).overlap(box(of: second)) > 0.75 else { continue }
                duplicates.insert(first.hits >= second.hits ? second.id : first.id)
            }
        }
        if !duplicates.isEmpty { tracks.removeAll { duplicates.contains($0.id) } }
    }

    private func tracksInView(at time: MediaTime) -> [TrackSighting] {
        tracks.compactMap { track in
            guard track.hasMoved, track.unseen(at: time) <= settings.carry else { return nil }
            let isSeen = track.lastSeen == time
            if !isSeen && track.state == .tentative { return nil }
            return TrackSighting(
                track: track.id, label: track.label, confidence: isSeen ? track.score : 0,
                box: box(of: track).clipped, seen: isSeen)
        }
    }
}
