import GuardianCore
import GuardianJournal
import Synchronization

/// What of one part is under way to the node over one stream: when more may go, and whether the node still answers.
final class PartTransfer: Sendable {
    private let window: Mutex<CongestionWindow>
    private let lane: ArchiveUplink.UplinkLane
    private let answers = Watermark(0)
    /// The node has said a word on this stream, be it only that it takes it.
    private let accepted = Atomic<Bool>(false)

    init(_ lane: ArchiveUplink.UplinkLane) {
        self.lane = lane
        window = Mutex(CongestionWindow(from: 0))
    }

    /// The node greets with what it holds.
    func begin(at durable: Int64) {
        let known = lane.window
        window.withLock { $0 = CongestionWindow(from: durable, known: known) }
    }

    var piece: Int { window.withLock { $0.piece } }

    /// Waits until more may be under way.
    func room() async throws {
        while true {
            let seen = answers.value
            if window.withLock({ $0.hasRoom }) { return }
            try await answers.wait(beyond: seen)
        }
    }

    func depart(upTo end: Int64) {
        window.withLock { $0.depart(upTo: end, at: .now) }
        lane.set(underWay: true)
    }

    func acknowledge(_ durable: Int64) {
        let (isOver, size) = window.withLock { window in
            window.acknowledge(durable, at: .now)
            return (window.underWay == 0, window.size)
        }
        lane.note(window: size)
        if isOver { lane.set(underWay: false) }
        answers.increment()
    }

    func accept() { accepted.store(true, ordering: .relaxed) }

    /// Watches the node's word for as long as the stream lasts: it must take the stream, and while something is under way
    /// it must acknowledge a little more of it, each time in time.
    ///
    /// - Throws: `deadlineExceeded` when it does not; never returns otherwise.
    func watch(_ patience: LinkPatience) async throws {
        let began = ContinuousClock.now
        while true {
            try await Task.sleep(for: min(patience.acceptance, patience.acknowledgement) / 8)
            let now = ContinuousClock.now
            if !accepted.load(ordering: .relaxed), began.duration(to: now) > patience.acceptance {
                throw GuardianError(.deadlineExceeded, "The node did not take the stream in time.")
            }
            if let owed = window.withLock({ $0.owedSince }), owed.duration(to: now) > patience.acknowledgement {
                throw GuardianError(.deadlineExceeded, "The node took bytes and did not acknowledge them in time.")
            }
        }
    }
}

/// How long the node may take.
public struct LinkPatience: Sendable, Hashable {
    /// To take a stream: as long as a line needs on which a packet was lost, no longer, since on a line that hung a new
    /// connection goes on sooner than an old one (RFC 6298: its waits double).
    public var acceptance: Duration = .seconds(4)
    /// To acknowledge some of what is under way; less than the 15 s after which it ends a part.
    public var acknowledgement: Duration = .seconds(10)

    public init() {}

    /// A node that was too slow is given twice the time to acknowledge with each try: it may be slow for good.
    public func after(failures: Int) -> LinkPatience {
        var patience = self
        patience.acknowledgement = min(.seconds(60), acknowledgement * (1 << min(max(0, failures), 6)))
        patience.acknowledgement = max(patience.acknowledgement, acknowledgement)
        return patience
    }
}
