import GuardianCore

/// Who is who after persons came close: places and speeds alone mix them up, colours tell them apart again.
extension Tracker {
    /// Notes which tracks are close to each other.
    mutating func meet(at time: Int64) {
        for first in tracks.indices {
            for second in tracks.indices where second > first && tracks[first].label == tracks[second].label {
                guard distance(box(of: tracks[first]), box(of: tracks[second])) < 1.2 else { continue }
                tracks[first].met[tracks[second].id] = time
                tracks[second].met[tracks[first].id] = time
            }
        }
    }

    /// Exchanges the identities of two tracks that met lately when their colours fit better so.
    ///
    /// A track is an identity (number, history, remembered colours) and a body (place, speed, what it looks like now).
    /// A lost track's body is out of sight, a new track's identity has nothing to remember; both count as neutral.
    mutating func repairIdentities(at time: Int64) {
        var best: (first: Int, second: Int, gain: Double)?
        for first in tracks.indices {
            for second in tracks.indices where second > first {
                guard let when = tracks[first].met[tracks[second].id], time - when < Int64(settings.keepLost * 1000),
                    let gain = gain(tracks[first], tracks[second]), gain > best?.gain ?? settings.repair
                else { continue }
                best = (first, second, gain)
            }
        }
        guard let best else {
            settle(at: time)
            return
        }
        exchange(best.first, best.second)
    }

    /// Who stands apart again, and whose company does too, is who it was.
    private mutating func settle(at time: Int64) {
        for index in tracks.indices where tracks[index].isDoubtful && tracks[index].freshLooks >= 4 {
            let track = tracks[index]
            let isOpen = tracks.contains { other in
                guard other.id != track.id, other.state != .lost, other.freshLooks < 4 else { return false }
                guard let when = track.met[other.id] else { return false }
                return time - when < 4000
            }
            if !isOpen { tracks[index].isDoubtful = false }
        }
    }

    private func gain(_ first: Track, _ second: Track) -> Double? {
        guard first.label == second.label, first.memory != nil || second.memory != nil else { return nil }
        // Somebody must be in doubt, or come from or have gone to where nobody is seen.
        guard first.isDoubtful || second.isDoubtful || first.state == .lost || second.state == .lost else { return nil }
        let bodies = [first, second].map { $0.state != .lost && $0.freshLooks >= settings.clearLooks ? $0.fresh : nil }
        if bodies.allSatisfy({ $0 == nil }) { return nil }
        // A body in sight that cannot be seen clearly may be anybody: wait.
        for (track, body) in zip([first, second], bodies) where track.state != .lost && body == nil { return nil }
        func fit(_ memory: Appearance?, _ body: Appearance?) -> Double {
            guard let memory, let body else { return settings.neutral }
            return memory.similarity(body)
        }
        let own = (fit(first.memory, bodies[0]), fit(second.memory, bodies[1]))
        let other = (fit(first.memory, bodies[1]), fit(second.memory, bodies[0]))
        let gain = other.0 + other.1 - own.0 - own.1
        // A newcomer takes over an old identity only when that clearly does not fit its body any more.
        let isNewcomer = first.memory == nil || second.memory == nil
        if isNewcomer, first.state != .lost, second.state != .lost {
            let established = first.memory == nil ? (own: own.1, other: other.1) : (own: own.0, other: other.0)
            guard established.own < settings.sure, established.other > settings.sure, gain > settings.repairByNewcomer
            else { return nil }
        }
        return gain
    }

    private mutating func exchange(_ first: Int, _ second: Int) {
        func swap<Value>(_ field: WritableKeyPath<Track, Value>) {
            let kept = tracks[first][keyPath: field]
            tracks[first][keyPath: field] = tracks[second][keyPath: field]
            tracks[second][keyPath: field] = kept
        }
        swap(\.id)
        swap(\.firstSeen)
        swap(\.hits)
        swap(\.memory)
        swap(\.hasStirred)
        for index in [first, second] {
            tracks[index].isDoubtful = false
            if tracks[index].state != .lost {
                tracks[index].state = tracks[index].hits >= settings.hitsToConfirm ? .confirmed : .tentative
            }
        }
    }
}
