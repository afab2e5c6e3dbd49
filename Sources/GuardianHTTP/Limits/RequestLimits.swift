import GuardianCore
import GuardianIdentity
import Synchronization

/// Limits how many requests each session, token or place sends, by token buckets: one for each kind of request. Logins have limits of
/// their own besides (`Throttle`).
///
/// Sessions and tokens are counted apart, so that a program that asks too much does not stop its owner's pages. Whoever is not logged in,
/// or is refused, counts as their place (`ClientAddress.place`). Command lines of this machine, which have the local token, are not
/// limited. Everything is in memory: a restart forgets it.
public final class RequestLimits: Sendable {
    private enum Sender: Hashable {
        case credential(Principal.Credential)
        case place(String)
    }

    private struct Key: Hashable {
        let sender: Sender
        let kind: RequestKind
    }

    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    private let allowance: @Sendable (RequestKind) -> RequestAllowance
    private let clock: any MonotonicClock
    private let limit: Int
    private let buckets = Mutex<[Key: Bucket]>([:])

    /// - Parameter limit: buckets in memory; the fullest are forgotten first, so that many senders with few requests do not push
    ///     out one with many.
    public init(
        allowance: @escaping @Sendable (RequestKind) -> RequestAllowance = { .standard($0) },
        clock: any MonotonicClock, limit: Int = 8_192
    ) {
        self.allowance = allowance
        self.clock = clock
        self.limit = limit
    }

    /// Counts a request of somebody who was let in.
    ///
    /// - Throws: `resourceExhausted`, with the seconds to wait as `retryAfter` in the context.
    package func admit(_ kind: RequestKind, by caller: Caller) throws {
        switch caller.principal.credential {
        case .localRoot: return
        case .none: try take(.place(caller.origin.address.place), kind)
        case .session, .token: try take(.credential(caller.principal.credential), kind)
        }
    }

    /// Counts a request of somebody who was not let in.
    ///
    /// - Throws: as `admit`.
    package func refuse(_ kind: RequestKind, from address: ClientAddress) throws {
        try take(.place(address.place), kind)
    }

    /// How many buckets there are.
    package var bucketCount: Int { buckets.withLock { $0.count } }

    private func take(_ sender: Sender, _ kind: RequestKind) throws {
        let (now, allowed, key) = (clock.now(), allowance(kind), Key(sender: sender, kind: kind))
        let missing = buckets.withLock { buckets -> Double in
            if buckets[key] == nil, buckets.count >= limit { forget(at: now, in: &buckets) }
            let tokens = buckets[key].map { Self.tokens(in: $0, at: now, allowed) } ?? allowed.atOnce
            guard tokens >= 1 else { return 1 - tokens }
            buckets[key] = Bucket(tokens: tokens - 1, at: now)
            return 0
        }
        guard missing > 0 else { return }
        let seconds = Int(min(3_600, (missing / allowed.perSecond).rounded(.up)))
        throw GuardianError(
            .resourceExhausted, "Too many requests of this kind; try again in \(seconds) s.",
            context: ["retryAfter": "\(seconds)"])
    }

    private func forget(at now: ContinuousClock.Instant, in buckets: inout [Key: Bucket]) {
        func fullness(_ key: Key, _ bucket: Bucket) -> Double {
            let allowed = allowance(key.kind)
            return Self.tokens(in: bucket, at: now, allowed) / allowed.atOnce
        }
        // A full one says nothing. All of them go at once, so that this is not done for each request.
        buckets = buckets.filter { fullness($0.key, $0.value) < 1 }
        guard buckets.count >= limit,
            let fullest = buckets.max(by: { fullness($0.key, $0.value) < fullness($1.key, $1.value) })
        else { return }
        buckets[fullest.key] = nil
    }

    private static func tokens(
        in bucket: Bucket, at now: ContinuousClock.Instant, _ allowed: RequestAllowance
    ) -> Double {
        let seconds = max(.zero, bucket.at.duration(to: now)) / .seconds(1)
        return min(allowed.atOnce, bucket.tokens + seconds * allowed.perSecond)
    }
}
