import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianOperations
import Testing

@Suite("A reader's queue of packets")
struct PacketSubscriptionTests {
    private let stream = StreamDescription(codec: .h264, extradata: [1, 2, 3], width: 320, height: 240)

    /// Returns the packets of some seconds at 60 pictures a second with AAC sound at 48 kHz, a keyframe each second.
    private func packets(seconds: Int) throws -> [Packet] {
        let pictures = try (0..<seconds * 60).map { number in
            try packet(.video, at: Ticks(1500) * number, isKeyframe: number % 60 == 0)
        }
        let sound = try (0..<seconds * 48_000 / 1024).map { number in
            try packet(.audio, at: Ticks(1920) * number, isKeyframe: true)
        }
        return (pictures + sound).sorted { $0.dts < $1.dts }
    }

    private func packet(_ kind: Packet.Kind, at time: Ticks, isKeyframe: Bool) throws -> Packet {
        try Packet(
            bytes: [0, 0, 1], kind: kind, pts: time, dts: time, duration: 1500, isKeyframe: isKeyframe, sequence: 0)
    }

    private func taken(_ items: [StreamItem]) -> [Packet] {
        items.compactMap { if case .packet(let packet) = $0 { packet } else { nil } }
    }

    @Test("takes the longest pre-roll of the fastest camera whole, and what comes until it is read")
    func longPreRoll() throws {
        let settings = CameraSettings(
            source: Secret("file:in.mp4"), audio: true, preRoll: RecordingLimits.preRoll.range.upperBound)
        var ring = GOPRing(seconds: settings.ringSeconds, byteLimit: settings.ringBytes)
        let all = try packets(seconds: 80)
        for packet in all { ring.append(packet) }
        let first = ring.packets(covering: 0)
        #expect(first.count > PacketSubscription.Limit.recording.packets)
        let subscription = PacketSubscription(limit: .recording) {}
        subscription.begin(stream, with: first)
        for packet in try packets(seconds: 10) { subscription.offer(.packet(packet)) }
        let items = subscription.drain()
        if case .stream? = items.first {} else { Issue.record("the description comes first") }
        #expect(taken(items).prefix(first.count).map(\.dts) == first.map(\.dts))
        #expect(taken(items).count == first.count + 1_068 && subscription.dropped == 0)
        #expect(taken(items).allSatisfy { !$0.discontinuity })
    }

    @Test("counts what comes after its beginning, also when that was read one by one")
    func limit() async throws {
        let subscription = PacketSubscription(limit: .init(packets: 5, bytes: 1 << 20)) {}
        let all = try (0..<20).map { try packet(.video, at: Ticks(1500) * $0, isKeyframe: $0 % 10 == 0) }
        subscription.begin(stream, with: Array(all[..<7]))
        for _ in 0..<8 { _ = await subscription.next() }
        for packet in all[7..<12] { subscription.offer(.packet(packet)) }
        #expect(subscription.dropped == 0)
        subscription.offer(.packet(all[12]))
        #expect(subscription.dropped == 6 && subscription.drain().isEmpty)
    }

    @Test("drops its beginning too when its reader is too slow")
    func slow() throws {
        let subscription = PacketSubscription(limit: .init(packets: 5, bytes: 1 << 20)) {}
        let all = try (0..<20).map { try packet(.video, at: Ticks(1500) * $0, isKeyframe: $0 % 10 == 0) }
        subscription.begin(stream, with: Array(all[..<5]))
        for packet in all[5...] { subscription.offer(.packet(packet)) }
        let left = taken(subscription.drain())
        #expect(subscription.dropped + left.count == all.count && left.count <= 5)
    }
}
