import GuardianCore

/// Corrects identities after tracks came close: position and speed alone can swap them; appearance tells them apart.
extension Tracker {
    /// Records which tracks are close to each other.
    mutating func recordEncounters(at time: MediaTime) {
        for first in tracks.indices {
            for second in tracks.indices where second > first && tracks[first].label == tracks[second].label {
                guard distance(box(of: tracks[first]), box(of: tracks[second])) < 1.2 else { continue }
                tracks[first].encounters[tracks[second].id] = time
                tracks[second].encounters[tracks[first].id] = time
            }
        }
    }

    /// Swaps the identities of two tracks that were close recently when their appearances match better that way.
    ///
    /// A track has an identity (number, history, known appearance) and a body (position, speed, recent appearance). A
    /// lost track has no visible body and a new track no known appearance; both count as `settings.neutral`.
    mutating func repairIdentities(at time: MediaTime) {
        var best: (first: Int, second: Int, gain: Double)?
        for first in tracks.indices {
            for second in tracks.indices where second > first {
                guard let when = tracks[first].encounters[tracks[second].id],
                    time - when < .seconds(settings.keepLost),
                    let gain = gain(tracks[first], tracks[second]), gain > best?.gain ?? settings.repair
                else { continue }
                best = (first, second, gain)
            }
        }
        guard let best else {
            clearAmbiguity(at: time)
            return
        }
        swapIdentities(best.first, best.second)
    }

    /// Clears the ambiguity of tracks that are clearly visible again, once all tracks that were close to them recently
    /// are clearly visible too.
    private mutating func clearAmbiguity(at time: MediaTime) {
        for index in tracks.indices where tracks[index].isAmbiguous && tracks[index].recentLooks >= 4 {
            let track = tracks[index]
            let isUnresolved = tracks.contains { other in
                guard other.id != track.id, other.state != .lost, other.recentLooks < 4 else { return false }
                guard let when = track.encounters[other.id] else { return false }
                return time - when < .seconds(4)
            }
            if !isUnresolved { tracks[index].isAmbiguous = false }
        }
    }

    /// How much better the appearances match after a swap; `nil` when the two must not be swapped.
    private func gain(_ first: Track, _ second: Track) -> Double? {
        guard first.label == second.label, first.knownAppearance != nil || second.knownAppearance != nil else {
            return nil
        }
        // A swap is only possible when one of the two is ambiguous or lost.
        guard first.isAmbiguous || second.isAmbiguous || first.state == .lost || second.state == .lost else {
            return nil
        }
        let bodies = [first, second].map { track in
            track.state != .lost && track.recentLooks >= settings.clearLooks ? track.recentAppearance : nil
        }
        if bodies.allSatisfy({ $0 == nil }) { return nil }
        // A visible body without a clear appearance could be any object: wait.
        for (track, body) in zip([first, second], bodies) where track.state != .lost && body == nil { return nil }
        func similarity(_ known: Appearance?, _ body: Appearance?) -> Double {
            guard let known, let body else { return settings.neutral }
            return known.similarity(body)
        }
        let own = (similarity(first.knownAppearance, bodies[0]), similarity(second.knownAppearance, bodies[1]))
        let other = (similarity(first.knownAppearance, bodies[1]), similarity(second.knownAppearance, bodies[0]))
        let gain = other.0 + other.1 - own.0 - own.1
        // A new track gets an old identity only when that identity clearly no longer matches its own body.
        let isOneNew = first.knownAppearance == nil || second.knownAppearance == nil
        if isOneNew, first.state != .lost, second.state != .lost {
            let established =
                first.knownAppearance == nil ? (own: own.1, other: other.1) : (own: own.0, other: other.0)
            guard established.own < settings.sure, established.other > settings.sure,
                gain > settings.repairWithNewTrack
            else { return nil }
        }
        return gain
    }

    private mutating func swapIdentities(_ first: Int, _ second: Int) {
        func swap<Value>(_ field: WritableKeyPath<Track, Value>) {
            let kept = tracks[first][keyPath: field]
            tracks[first][keyPath: field] = tracks[second][keyPath: field]
            tracks[second][keyPath: field] = kept
        }
        swap(\.id)
        swap(\.firstSeen)
        swap(\.hits)
        swap(\.knownAppearance)
        swap(\.hasMoved)
        for index in [first, second] {
            tracks[index].isAmbiguous = false
            if tracks[index].state != .lost {
                tracks[index].state = tracks[index].hits >= settings.hitsToConfirm ? .confirmed : .tentative
            }
        }
    }
}
