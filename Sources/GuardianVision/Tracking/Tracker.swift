import GuardianCore

/// Says which sighting is whom: numbers that stay with an object while it walks, stands, and goes behind others.
///
/// Pure: the same calls give the same tracks. One label never becomes another.
public struct Tracker: Sendable {
    public internal(set) var tracks: [Track] = []
    public let settings: TrackerSettings
    /// The picture's width over its height.
    public let aspect: Double
    private var nextID = 1

    public init(settings: TrackerSettings = TrackerSettings(), aspect: Double) {
        self.settings = settings
        self.aspect = aspect
    }

    /// Moves every track on to `time`.
    public mutating func predict(to time: Int64) {
        for index in tracks.indices { tracks[index].predict(to: time, settings: settings) }
    }

    /// Where a track is by what is known, in fractions of the picture.
    public func box(of track: Track) -> Box { track.box(aspect: aspect) }

    /// Whether nobody else is within half a height, so that nobody can be taken for this track.
    public func standsAlone(_ track: Track) -> Bool {
        let box = box(of: track)
        let isWhole = box.x > 0.02 && box.right < 0.98 && box.y > 0.02 && box.bottom < 0.98
        return isWhole && !track.isDoubtful
            && !tracks.contains { $0.id != track.id && distance(box, self.box(of: $0)) < 0.5 }
    }

    /// Takes in one look.
    ///
    /// - Parameters:
    ///   - sightings: one list for the whole picture, without doubles.
    ///   - regions: where the detector looked; who stands elsewhere was not missed.
    ///   - time: milliseconds of the stream, not before the last call's.
    ///   - stirs: whether something moves in a box; asked for tracks of which that is not known yet.
    /// - Returns: who is in view: seen, or carried where it must be. Tracks that never stirred are left out: they are
    ///   part of the scene until they move.
    @discardableResult
    public mutating func update(
        _ sightings: [Sighting], lookedAt regions: [Box], at time: Int64, stirs: (Box) -> Bool = { _ in true }
    ) -> [TrackSighting] {
        predict(to: time)
        var seen: [Int: Sighting] = [:]
        var high = sightings.filter { $0.score >= settings.high }
        let low = sightings.filter { $0.score >= settings.low && $0.score < settings.high }

        let active = tracks.indices.filter { tracks[$0].state != .lost }
        pair(active, with: &high, limit: settings.pairLimit, into: &seen) { near($0, $1, at: time) }
        var weak = low
        pair(active.filter { seen[$0] == nil }, with: &weak, into: &seen) { overlapping($0, $1) }
        let lost = tracks.indices.filter { tracks[$0].state == .lost }
        pair(lost, with: &high, into: &seen) { returning($0, $1, at: time) }

        for (index, sighting) in seen {
            tracks[index].see(sighting, at: time, aspect: aspect, settings: settings)
            if tracks[index].hits >= settings.hitsToConfirm { tracks[index].state = .confirmed }
        }
        miss(seen: seen, lookedAt: regions, at: time)
        begin(high, seen: seen, at: time)
        meet(at: time)
        repairIdentities(at: time)
        forget(at: time)
        for index in tracks.indices where !tracks[index].hasStirred && tracks[index].lastSeen == time {
            tracks[index].hasStirred = stirs(box(of: tracks[index]))
        }
        return view(at: time)
    }

    // MARK: - Matching

    private func pair(
        _ rows: [Int], with sightings: inout [Sighting], limit: Double = 1, into seen: inout [Int: Sighting],
        cost: (Track, Sighting) -> Double?
    ) {
        guard !rows.isEmpty, !sightings.isEmpty else { return }
        let costs = rows.map { row in sightings.map { cost(tracks[row], $0) } }
        var taken: Set<Int> = []
        for (row, column) in Assignment.solve(costs, limit: limit) {
            seen[rows[row]] = sightings[column]
            taken.insert(column)
        }
        sightings = sightings.enumerated().filter { !taken.contains($0.offset) }.map(\.element)
    }

    /// Distance of two boxes' centres in heights of the track.
    func distance(_ box: Box, _ other: Box) -> Double {
        let x = (box.centerX - other.centerX) * aspect
        let y = box.centerY - other.centerY
        return (x * x + y * y).squareRoot() / max(0.01, box.height)
    }

    private func fits(_ box: Box, _ other: Box, tolerance: Double) -> Bool {
        let ratio = other.height / max(0.01, box.height)
        return ratio < tolerance && ratio > 1 / tolerance
    }

    private func likeness(_ track: Track, _ sighting: Sighting) -> Double? {
        guard sighting.isClear, let known = track.memory ?? track.fresh, let shown = sighting.appearance else {
            return nil
        }
        return known.similarity(shown)
    }

    /// 0 for the same one, 1 for surely another.
    private func strangeness(_ alike: Double?) -> Double {
        alike.map { min(1, max(0, (0.96 - $0) / 0.16)) } ?? 0.35
    }

    /// Stage one: who is in view and who is clearly seen.
    private func near(_ track: Track, _ sighting: Sighting, at time: Int64) -> Double? {
        guard track.label == sighting.label else { return nil }
        let box = box(of: track)
        let gate = min(settings.gateLimit, settings.gate + settings.gateGrowth * track.unseen(at: time))
        let far = distance(box, sighting.box)
        guard far < gate, fits(box, sighting.box, tolerance: 1.6) else { return nil }
        let colour = strangeness(likeness(track, sighting))
        return 0.45 * (1 - box.overlap(sighting.box)) + 0.2 * far / gate + 0.35 * colour
    }

    /// Stage two: somebody is there where the track must be, though not clearly.
    private func overlapping(_ track: Track, _ sighting: Sighting) -> Double? {
        guard track.label == sighting.label else { return nil }
        let overlap = box(of: track).overlap(sighting.box)
        return overlap > 0.3 ? 1 - overlap : nil
    }

    /// Stage three: who was out of sight and may have come back.
    private func returning(_ track: Track, _ sighting: Sighting, at time: Int64) -> Double? {
        guard track.label == sighting.label else { return nil }
        let box = box(of: track)
        let gate = min(settings.gateLimit, settings.gate + settings.gateGrowth * track.unseen(at: time))
        let far = distance(box, sighting.box)
        guard far < gate, fits(box, sighting.box, tolerance: 1.5) else { return nil }
        let alike = likeness(track, sighting)
        if let alike, alike < settings.alike { return nil }
        // Whose colours cannot be seen must at least be where it should.
        if alike == nil, far > gate * 0.6 { return nil }
        return 0.5 * far / gate + 0.5 * strangeness(alike)
    }

    // MARK: - Beginning and ending

    private mutating func miss(seen: [Int: Sighting], lookedAt regions: [Box], at time: Int64) {
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

    private mutating func begin(_ sightings: [Sighting], seen: [Int: Sighting], at time: Int64) {
        for sighting in sightings where sighting.score >= settings.new {
            // What is already somebody is not a second one.
            let double = seen.values.contains { $0.label == sighting.label && $0.box.overlap(sighting.box) > 0.5 }
            if double { continue }
            tracks.append(Track(id: nextID, sighting: sighting, time: time, aspect: aspect, settings: settings))
            nextID += 1
        }
    }

    private mutating func forget(at time: Int64) {
        let current = self
        tracks.removeAll { track in
            switch track.state {
            case .tentative: return track.misses >= current.settings.missesOfNew
            case .confirmed, .lost:
                if track.unseen(at: time) > current.settings.keepLost { return true }
                // Who walked out of the picture is gone.
                let box = current.box(of: track)
                return track.state == .lost && box.clipped.area < box.area * 0.2
            }
        }
        // Two tracks on one object: the one that is less established goes.
        var doubled: Set<Int> = []
        for first in tracks where first.state == .confirmed {
            for second in tracks where second.id > first.id && second.state == .confirmed {
                guard first.label == second.label, box(of: first).overlap(box(of: second)) > 0.75 else { continue }
                doubled.insert(first.hits >= second.hits ? second.id : first.id)
            }
        }
        if !doubled.isEmpty { tracks.removeAll { doubled.contains($0.id) } }
    }

    private func view(at time: Int64) -> [TrackSighting] {
        tracks.compactMap { track in
            guard track.hasStirred, track.unseen(at: time) <= settings.carry else { return nil }
            let isSeen = track.lastSeen == time
            if !isSeen && track.state == .tentative { return nil }
            return TrackSighting(
                track: track.id, label: track.label, confidence: isSeen ? track.score : 0,
                box: box(of: track).clipped, seen: isSeen)
        }
    }
}
