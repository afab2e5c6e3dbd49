import Foundation
import GuardianCore
import GuardianMedia
import Logging
import Synchronization

/// One stream of a camera: a thread that connects, reads and connects again, and everybody who reads along.
final class StreamFeed: Sendable {
    struct State {
        var health: CameraHealth
        var meter = RateMeter()
        var anchor = StreamAnchor()
        var stream: StreamDescription?
        var ring: GOPRing
        var subscribers: [Int: WeakSubscription] = [:]
        var nextSubscriber = 0
        var watchers: [Int: AsyncStream<CameraHealth>.Continuation] = [:]
        var isLive = false
        var interruption: Interruption?
    }

    /// The feed does not keep its readers alive: who lets go of a subscription ends it.
    struct WeakSubscription {
        weak var subscription: PacketSubscription?
    }

    let name: String
    let address: Secret<String>
    let isRecorded: Bool
    let settings: CameraSettings
    let clock: any WallClock
    let logger: Logger
    /// Media time 0 of the feed, on the clock that nobody sets.
    let epoch: ContinuousClock.Instant
    let state: Mutex<State>

    /// - Parameter isRecorded: it is the main stream: it must be of a codec that clips take, and may have sound.
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

    /// Reads until the task is cancelled. The blocking work is done on a thread of its own.
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

    /// How it is now.
    var health: CameraHealth {
        state.withLock { state in
            var health = state.health
            (health.fps, health.bitrate) = state.meter.rates(second: second)
            return health
        }
    }

    /// Whole seconds since the epoch.
    var second: Int64 { (.now - epoch).components.seconds }

    /// Ticks of 1/90,000 s since the epoch.
    var elapsed: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - epoch).components
        return seconds * MediaTicks.perSecond + attoseconds / (1_000_000_000_000_000_000 / MediaTicks.perSecond)
    }

    /// Each change of state, from now on.
    func changes() -> AsyncStream<CameraHealth> {
        let (stream, continuation) = AsyncStream<CameraHealth>.makeStream()
        // No `onTermination` that takes the lock: a task's cancellation would wait for it while holding what resuming that
        // task needs, and `change` resumes under the lock. Who is gone is found when there is something to tell.
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

    /// A reader of its own, from now on or from what the ring has.
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
                subscription.offer(.stream(stream))
                let packets: [Packet] =
                    switch beginning {
                    case .nextKeyframe: []
                    case .newestGOP: state.ring.newest
                    case .covering(let time): state.ring.packets(covering: time * 90)
                    }
                for packet in packets { subscription.offer(.packet(packet)) }
                if packets.isEmpty { subscription.awaitKeyframe() }
            }
            state.subscribers[key] = WeakSubscription(subscription: subscription)
            return subscription
        }
    }

    private func unsubscribe(_ key: Int) {
        // A subscription may be let go of while the lock is held (`publish`): the entry is weak and goes there too.
        _ = state.withLockIfAvailable { $0.subscribers[key] = nil }
    }
}

/// Where a reader begins.
public enum SubscriptionStart: Sendable, Hashable {
    case nextKeyframe
    /// At the keyframe of the GOP that is growing.
    case newestGOP
    /// With the GOP in the ring that covers this media time (milliseconds), or the oldest there is.
    case covering(Int64)
}
