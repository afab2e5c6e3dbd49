import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianTestKit
import GuardianWire
import Synchronization

/// A camera whose packets are sent by the test, and what its watch delivered.
final class WatchedCamera: Sendable {
    /// The time of the watch's clock.
    static let now = Sample.start + 5_000_000

    private struct State {
        var current: PacketSubscription?
        var subscriptions = 0
        var delivered: [String] = []
        var arrivals: PacketArrivals?
        var opensWithKeyframe = false
        var obstacle: String?
    }

    let identity: CameraIdentity
    private let state = Mutex(State())

    init() throws {
        guard let alias = CameraAlias("front") else { throw Tool.Failure(text: "alias") }
        identity = CameraIdentity(id: CameraID(UUID()), alias: alias, name: "Front")
    }

    func watch(
        _ link: InferenceLink, pictures: Bool, monotonic: TestClock, clock: ManualClock = ManualClock(now),
        log: LogBook = LogBook()
    ) -> CameraWatch {
        CameraWatch(
            camera: identity, link: link, rate: 4, pictures: pictures, clock: clock, monotonic: monotonic,
            logger: log.logger, arrivals: { self.state.withLock { $0.arrivals } },
            obstacle: { self.state.withLock { $0.obstacle } }, subscribe: { self.subscribe() },
            deliver: { self.deliver($0) })
    }

    /// Sets when the main stream's packets arrived. Without arrivals no look is due.
    func arrive(first: Occurrence, last: ContinuousClock.Instant) {
        var arrivals = PacketArrivals(first: first)
        arrivals.add(Occurrence(instant: last, time: first.time), isKeyframe: true)
        state.withLock { $0.arrivals = arrivals }
    }

    /// Makes the detection stream send nothing, for this reason.
    func obstruct(_ reason: String) { state.withLock { $0.obstacle = reason } }

    /// Lets each subscription begin with the keyframe of media time 0.
    func openWithKeyframe() { state.withLock { $0.opensWithKeyframe = true } }

    /// How often the watch has subscribed.
    var subscriptions: Int { state.withLock { $0.subscriptions } }
    /// The delivered inputs as text: `back`, `lost since …`, or media time and arrival of an observation.
    var delivered: [String] { state.withLock { $0.delivered } }

    func stream(width: Int) -> StreamDescription {
        StreamDescription(codec: .h264, extradata: [1, 2, 3], width: width, height: 240)
    }

    /// Ten packets a second of even sizes; each hundredth is a keyframe.
    static func packet(_ number: Int64) throws -> Packet {
        let isKeyframe = number % 100 == 0
        return try Packet(
            bytes: [UInt8](repeating: 1, count: isKeyframe ? 40_000 : 2_000), pts: Ticks(number * 9_000),
            dts: Ticks(number * 9_000),
            duration: 9_000, isKeyframe: isKeyframe, arrival: Sample.start + number * 100, sequence: number)
    }

    /// Sends an item to the newest subscription.
    func offer(_ item: StreamItem) { state.withLock { $0.current }?.offer(item) }

    func send(_ numbers: Range<Int64>) throws {
        for number in numbers { offer(.packet(try Self.packet(number))) }
    }

    private func subscribe() -> PacketSubscription {
        let subscription = PacketSubscription(limit: .recording, onEnd: {})
        subscription.offer(.stream(stream(width: 320)))
        let opensWithKeyframe = state.withLock { state in
            state.current = subscription
            state.subscriptions += 1
            return state.opensWithKeyframe
        }
        if opensWithKeyframe, let keyframe = try? Self.packet(0) { subscription.offer(.packet(keyframe)) }
        return subscription
    }

    private func deliver(_ input: CameraInput) {
        let text =
            switch input {
            case .watchBack: "back"
            case .watchLost(let reason, let since, _): "lost since \(since.map { "\($0)" } ?? "now"): \(reason)"
            case .observed(let observation, let arrival): "\(observation.mediaTime.milliseconds) at \(arrival)"
            default: "\(input)"
            }
        state.withLock { $0.delivered.append(text) }
    }
}

/// What a watch sent to the service.
final class ReceivedRequests: Sendable {
    private let requests = Mutex<[Guardian_V1_WatchRequest]>([])

    func add(_ request: Guardian_V1_WatchRequest) { requests.withLock { $0.append(request) } }

    var starts: [Guardian_V1_WatchStart] {
        requests.withLock { $0 }.compactMap { if case .start(let start) = $0.kind { start } else { nil } }
    }

    var packets: [Guardian_V1_VideoPacket] { requests.withLock { $0 }.flatMap(\.packets.packets) }
}

extension Guardian_V1_WatchReply {
    /// A reply with observations at these media times, without tracks.
    static func looks(
        _ mediaTimes: [Int64], _ attention: Guardian_V1_Attention = .looking
    ) -> Guardian_V1_WatchReply {
        .with { reply in
            reply.attention = attention
            reply.observations = mediaTimes.map { time in .with { $0.mediaTime = time } }
        }
    }
}
