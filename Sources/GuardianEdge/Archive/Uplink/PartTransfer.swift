import GuardianCore
import GuardianJournal
import GuardianOperations
import Synchronization

/// Tracks the unacknowledged bytes of one part on one stream: when more may be sent, and whether the node answers in time.
final class PartTransfer: Sendable {
    private let window: Mutex<CongestionWindow>
    private let lane: ArchiveUplink.UplinkLane
    private let monotonic: any MonotonicClock
    private let acknowledgements = Watermark(0)
    /// Whether the node has accepted the stream.
    private let accepted = Atomic<Bool>(false)

    init(_ lane: ArchiveUplink.UplinkLane, monotonic: any MonotonicClock = SystemMonotonicClock()) {
        self.lane = lane
        self.monotonic = monotonic
        window = Mutex(CongestionWindow(from: 0))
    }

    /// Begins with the bytes that the node has.
    func begin(at durable: Int64) {
        let known = lane.window
        window.withLock { $0 = CongestionWindow(from: durable, known: known) }
    }

    var piece: Int { window.withLock { $0.piece } }

    /// Waits until the congestion window has room.
    func room() async throws {
        while true {
            let seen = acknowledgements.value
            if window.withLock({ $0.hasRoom }) { return }
            try await acknowledgements.wait(beyond: seen)
        }
    }

    func depart(upTo end: Int64) {
        window.withLock { $0.depart(upTo: end, at: monotonic.now()) }
        lane.set(underWay: true)
    }

    func acknowledge(_ durable: Int64) {
        let (isIdle, size) = window.withLock { window in
            window.acknowledge(durable, at: monotonic.now())
            return (window.underWay == 0, window.size)
        }
        lane.note(window: size)
        if isIdle { lane.set(underWay: false) }
        acknowledgements.increment()
    }

    func accept() { accepted.store(true, ordering: .relaxed) }

    /// Enforces the time-outs for as long as the stream lasts: the node must accept the stream, and while bytes are
    /// unacknowledged it must acknowledge some of them. Never returns.
    ///
    /// - Throws: `deadlineExceeded` when the node is too slow; `CancellationError`.
    func watch(_ timeouts: LinkTimeouts) async throws {
        let began = monotonic.now()
        while true {
            try await monotonic.sleep(for: min(timeouts.acceptance, timeouts.acknowledgement) / 8)
            let now = monotonic.now()
            if !accepted.load(ordering: .relaxed), began.duration(to: now) > timeouts.acceptance {
                throw GuardianError(.deadlineExceeded, "The node did not accept the stream in time.")
            }
            let since = window.withLock { $0.unacknowledgedSince }
            if let since, since.duration(to: now) > timeouts.acknowledgement {
                throw GuardianError(.deadlineExceeded, "The node did not acknowledge bytes in time.")
            }
        }
    }
}

/// How long the node may take to answer.
public struct LinkTimeouts: Sendable, Hashable {
    /// To accept a stream: enough to recover from a lost packet. Not longer, because after an outage a new connection works
    /// sooner than an old one, whose retransmission time-out doubles with each attempt (RFC 6298).
    public var acceptance: Duration = .seconds(4)
    /// To acknowledge some of the sent bytes; less than the 15 s after which the node ends a silent part.
    public var acknowledgement: Duration = .seconds(10)

    public init() {}

    /// Returns the time-outs after failures: the time to acknowledge doubles with each, up to 60 s, because the node may be
    /// permanently slow.
    public func after(failures: Int) -> LinkTimeouts {
        var timeouts = self
        timeouts.acknowledgement = min(.seconds(60), acknowledgement * (1 << min(max(0, failures), 6)))
        timeouts.acknowledgement = max(timeouts.acknowledgement, acknowledgement)
        return timeouts
    }
}
