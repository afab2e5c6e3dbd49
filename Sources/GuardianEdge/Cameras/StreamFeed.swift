import Foundation
import GuardianCore
import GuardianMedia
import Logging
import Synchronization

/// One stream of a camera: a thread that connects, reads and reconnects, and the stream's subscriptions.
final class StreamFeed: Sendable {
    struct State {
        var health: CameraHealth
        var meter = RateMeter()
        var anchor = StreamAnchor()
        var sound = SoundWatch()
        var stream: StreamDescription?
        var ring: GOPRing
        var subscribers: [Int: WeakSubscription] = [:]
        var nextSubscriber = 0
        var watchers: [Int: AsyncStream<CameraHealth>.Continuation] = [:]
        var isLive = false
        /// `nil` before the first packet.
        var arrivals: PacketArrivals?
        var interruption: Interruption?
    }

    /// The feed does not retain subscriptions: releasing a subscription ends it.
    struct WeakSubscription {
        weak var subscription: PacketSubscription?
    }

    let name: String
    let address: Secret<String>
    let isRecorded: Bool
    let settings: CameraSettings
    let clock: any WallClock
    let logger: Logger
    /// Media time 0 of the feed, on the monotonic clock.
    let epoch: ContinuousClock.Instant
    let state: Mutex<State>

    /// - Parameter isRecorded: whether this is the main stream, whose codec must be recordable and which may have audio.
    init(
        name: String, address: Secret<String>, isRecorded: Bool, settings: CameraSettings,
        epoch: ContinuousClock.Instant, clock: any WallClock, logger: Logger
    ) {
        self.name = name
        self.address = address
        self.isRecorded = isRecorded
        self.settings = settings
        self.epoch = epoch
        self.clock = clock
        self.logger = logger
        state = Mutex(
            State(
                health: CameraHealth(state: .connecting, since: clock.now()),
                ring: GOPRing(seconds: settings.ringSeconds, byteLimit: settings.ringBytes)))
    }

    /// Reads until the task is cancelled. Blocking calls run on the stream's own thread.
    func run() async {
        let interruption = Interruption()
        state.withLock { $0.interruption = interruption }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread {
                    self.readUntilInterrupted(interruption)
                    continuation.resume()
                }
                thread.name = "camera \(name)"
                thread.stackSize = 1 << 20
                thread.start()
            }
        } onCancel: {
            interruption.interrupt()
        }
        stop()
    }

    private func stop() {
        let (subscribers, watchers) = state.withLock { state in
            state.isLive = false
            state.health.state = .stopped
            state.health.since = clock.now()
            let health = state.health
            for watcher in state.watchers.values { watcher.yield(health) }
            defer {
                state.subscribers = [:]
                state.watchers = [:]
            }
            return (state.subscribers.values.compactMap(\.subscription), Array(state.watchers.values))
        }
        for subscriber in subscribers { subscriber.finish() }
        for watcher in watchers { watcher.finish() }
    }

    /// How long a connection may bring no picture before it counts as lost: longer than every time-out of the reading
    /// thread, which normally says so itself.
    private var patience: Duration { .seconds(max(settings.openTimeout, settings.readTimeout) + 5) }

    /// The stream's health now. Judged when it is read, so that a reading thread that hangs does not stay live.
    var health: CameraHealth {
        let now = ContinuousClock.now
        return state.withLock { state in
            var health = state.health
            (health.fps, health.bitrate) = state.meter.rates(second: second)
            return health.judged(at: now, startedAt: epoch, arrivals: state.arrivals, patience: patience)
        }
    }

    /// Whether the stream's sound comes, if it has any.
    var isSoundHeard: Bool { state.withLock { $0.sound.isHeard } }

    /// Whole seconds since the epoch.
    var second: Int64 { (.now - epoch).components.seconds }

    /// Time since the epoch, as the stream counts it.
    var elapsed: Ticks { Ticks(ContinuousClock.now - epoch) }

    /// Milliseconds from the epoch to `instant`.
    func milliseconds(_ instant: ContinuousClock.Instant) -> Int64 { (instant - epoch).milliseconds }

    /// Returns all changes of state from now on.
    func changes() -> AsyncStream<CameraHealth> {
        let (stream, continuation) = AsyncStream<CameraHealth>.makeStream()
        // No `onTermination` that acquires the lock: it could deadlock. Cancelling a task would wait for this lock while it
        // holds what resuming that task needs, and `change` resumes the task while it holds this lock. Ended streams are
        // removed when the next change is sent.
        state.withLock { state in
            state.nextSubscriber += 1
            if state.health.state == .stopped {
                continuation.finish()
            } else {
                state.watchers[state.nextSubscriber] = continuation
            }
        }
        return stream
    }

    /// Returns a new subscription that begins with packets of the ring or with the next keyframe.
    func subscribe(limit: PacketSubscription.Limit, from beginning: SubscriptionStart) -> PacketSubscription {
        state.withLock { state in
            state.nextSubscriber += 1
            let key = state.nextSubscriber
            let subscription = PacketSubscription(limit: limit) { [weak self] in
                self?.unsubscribe(key)
            }
            guard state.health.state != .stopped else {
                subscription.finish()
                return subscription
            }
            if let stream = state.stream, state.isLive {
                let (packets, isWhole): ([Packet], Bool) =
                    switch beginning {
                    case .nextKeyframe: ([], true)
                    case .newestGOP: state.ring.newest(bytes: limit.first, packets: limit.packets)
                    case .covering(let time): (state.ring.packets(covering: Ticks(time)), true)
                    }
                subscription.begin(stream, with: packets)
                if packets.isEmpty || !isWhole { subscription.awaitKeyframe() }
            }
            state.subscribers[key] = WeakSubscription(subscription: subscription)
            return subscription
        }
    }

    private func unsubscribe(_ key: Int) {
        // A subscription may be released while the lock is held. Then `deliver` removes the entry, which is weak.
        _ = state.withLockIfAvailable { $0.subscribers[key] = nil }
    }
}

/// Where a subscription begins.
public enum SubscriptionStart: Sendable, Hashable {
    case nextKeyframe
    /// At the keyframe of the newest GOP. Of a GOP that is too large for the reader's queue, its beginning comes, and then the
    /// next keyframe.
    case newestGOP
    /// With the GOP in the ring that covers this media time, or with the oldest one.
    case covering(MediaTime)
}
