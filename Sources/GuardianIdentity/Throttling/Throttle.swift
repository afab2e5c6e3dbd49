import GuardianCore
import Synchronization

/// Slows down guessing of passwords and codes: after some failures each further one doubles the wait.
///
/// Failures are counted for the name and for the place (`ClientAddress.place`) from which it is tried. An account's own place,
/// from which it was logged in to before, is counted alone, and its wait is short: strangers cannot lock an owner out there,
/// whatever they do. Names without an account are counted like others, so that the answer says nothing about names.
///
/// One throttle serves all realms of a server: a place is the same one in each, a name is another one in each, also in realms that do not
/// exist.
///
/// An attempt counts as a failure when it begins, so that many at once do not all go through. Everything is in memory, and the
/// clock is monotonic: a restart of the process forgets it.
package final class Throttle: Sendable {
    package struct Limits: Hashable, Sendable {
        /// Failures without any wait.
        package var freeForName = 5
        package var freeForPlace = 20
        package var freeAtKnownPlace = 5
        package var firstWait: Duration = .seconds(1)
        package var longestWait: Duration = .seconds(900)
        package var longestWaitAtKnownPlace: Duration = .seconds(30)
        /// Failures are forgotten after so long without another one.
        package var memory: Duration = .seconds(86_400)
        /// Names and places that are counted; those with the fewest failures are forgotten first.
        package var entries = 4_096

        package init() {}
    }

    /// An attempt that was let through.
    package struct Attempt: Sendable {
        fileprivate let counts: [(key: Key, waitBefore: ContinuousClock.Instant?, wait: ContinuousClock.Instant?)]
    }

    fileprivate enum Key: Hashable {
        case name(Name)
        case place(String)
        case nameAtPlace(Name, String)
    }

    fileprivate struct Name: Hashable {
        let realm: AccountRealm
        let key: String
    }

    private struct Entry {
        var failures = 0
        var waitUntil: ContinuousClock.Instant?
        var last: ContinuousClock.Instant
    }

    private let limits: Limits
    private let clock: any MonotonicClock
    private let entries = Mutex<[Key: Entry]>([:])

    package init(limits: Limits = Limits(), clock: any MonotonicClock) {
        self.limits = limits
        self.clock = clock
    }

    /// Lets an attempt through, or refuses it because of those before. A refused one does not count.
    ///
    /// - Parameters:
    ///   - name: the name's key, also of a name without an account.
    ///   - origin: from where, and in which realm.
    ///   - isKnown: whether the account was logged in to from this place before.
    /// - Throws: `resourceExhausted`, with the seconds to wait as `retryAfter` in the context.
    package func admit(name: String, from origin: RequestOrigin, isKnown: Bool) throws -> Attempt {
        let (name, place) = (Name(realm: origin.realm, key: name), origin.address)
        let keys: [Key] = isKnown ? [.nameAtPlace(name, place.place)] : [.name(name), .place(place.place)]
        let now = clock.now()
        return try entries.withLock { entries in
            for key in keys {
                guard let entry = entries[key] else { continue }
                if entry.last.duration(to: now) > limits.memory { entries[key] = nil }
            }
            let wait = keys.compactMap { entries[$0]?.waitUntil }.map { now.duration(to: $0) }.max() ?? .zero
            guard wait <= .zero else { throw Self.refusal(wait) }
            return Attempt(counts: keys.map { count($0, at: now, in: &entries) })
        }
    }

    /// The attempt was right: what was counted for the name is forgotten. The place's other failures stay, or somebody with one
    /// account could guess the passwords of others without end.
    package func succeed(_ attempt: Attempt) {
        entries.withLock { entries in
            for count in attempt.counts {
                if case .place = count.key { takeBack(count, in: &entries) } else { entries[count.key] = nil }
            }
        }
    }

    /// The attempt was neither right nor wrong, for example because the machine was busy: it does not count.
    package func abandon(_ attempt: Attempt) {
        entries.withLock { entries in
            for count in attempt.counts { takeBack(count, in: &entries) }
        }
    }

    /// How many names and places are counted.
    package var entryCount: Int { entries.withLock { $0.count } }

    private func count(
        _ key: Key, at now: ContinuousClock.Instant, in entries: inout [Key: Entry]
    ) -> (key: Key, waitBefore: ContinuousClock.Instant?, wait: ContinuousClock.Instant?) {
        if entries[key] == nil, entries.count >= limits.entries { forgetLeast(in: &entries) }
        var entry = entries[key] ?? Entry(last: now)
        let before = entry.waitUntil
        entry.failures += 1
        entry.last = now
        entry.waitUntil = wait(after: entry.failures, for: key).map { now.advanced(by: $0) }
        entries[key] = entry
        return (key, before, entry.waitUntil)
    }

    private func wait(after failures: Int, for key: Key) -> Duration? {
        let (free, longest) =
            switch key {
            case .name: (limits.freeForName, limits.longestWait)
            case .place: (limits.freeForPlace, limits.longestWait)
            case .nameAtPlace: (limits.freeAtKnownPlace, limits.longestWaitAtKnownPlace)
            }
        guard failures > free else { return nil }
        return min(longest, limits.firstWait * (1 << min(failures - free - 1, 20)))
    }

    private func takeBack(
        _ count: (key: Key, waitBefore: ContinuousClock.Instant?, wait: ContinuousClock.Instant?),
        in entries: inout [Key: Entry]
    ) {
        guard var entry = entries[count.key] else { return }
        entry.failures -= 1
        // A later attempt's wait stays.
        if entry.waitUntil == count.wait { entry.waitUntil = count.waitBefore }
        entries[count.key] = entry.failures > 0 ? entry : nil
    }

    /// Made-up names have one failure each, so that they push out one another, and not a name that is being attacked.
    private func forgetLeast(in entries: inout [Key: Entry]) {
        let least = entries.min { ($0.value.failures, $0.value.last) < ($1.value.failures, $1.value.last) }
        if let least { entries[least.key] = nil }
    }

    private static func refusal(_ wait: Duration) -> GuardianError {
        let seconds = (wait.milliseconds + 999) / 1000
        let words = seconds < 60 ? "\(seconds) s" : "\((seconds + 59) / 60) min"
        return GuardianError(
            .resourceExhausted, "Too many attempts failed; try again in \(words).",
            context: ["retryAfter": "\(seconds)"])
    }
}
