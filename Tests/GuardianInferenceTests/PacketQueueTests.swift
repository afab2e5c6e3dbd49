import GuardianCore
import GuardianInference
import GuardianMedia
import Testing

@Suite("The packet queue of a watch")
struct PacketQueueTests {
    /// Returns packets 100 ms apart; every tenth is a keyframe.
    private func packet(_ number: Int64, gop: Int64 = 10, bytes: Int = 10) throws -> Packet {
        try Packet(
            bytes: [UInt8](repeating: 1, count: bytes), pts: Ticks(number * 9000), dts: Ticks(number * 9000),
            duration: 9000,
            isKeyframe: number % gop == 0, sequence: number)
    }

    private func taken(_ queue: PacketQueue) -> [Int64] {
        queue.finish()
        var numbers: [Int64] = []
        while let item = queue.take() { numbers.append(item.packet.sequence) }
        return numbers
    }

    @Test("packets come out in order")
    func order() throws {
        let queue = PacketQueue()
        queue.put(try (0..<5).map { try packet($0) })
        queue.put([try packet(5)])
        #expect(taken(queue) == [0, 1, 2, 3, 4, 5])
        #expect(queue.takeDropped() == 0)
    }

    @Test("a queue that falls behind continues at its newest keyframe")
    func stale() throws {
        let queue = PacketQueue(staleness: .seconds(2))
        for number in Int64(0)..<35 { queue.put([try packet(number)]) }
        #expect(taken(queue) == Array(20..<35) || taken(queue) == Array(10..<35))
        #expect(queue.takeDropped() > 0)
    }

    @Test("a long GOP that comes at once, to catch up on, stays whole")
    func catchUp() throws {
        let queue = PacketQueue(staleness: .seconds(2))
        queue.put(try (0..<100).map { try packet($0, gop: 1000) })
        #expect(taken(queue) == Array(0..<100))
        #expect(queue.takeDropped() == 0)
    }

    @Test("a full queue drops everything, and accepts packets again from a keyframe on")
    func full() throws {
        let queue = PacketQueue(staleness: .seconds(1_000), limit: 100)
        for number in Int64(0)..<15 { queue.put([try packet(number, gop: 12)]) }
        #expect(taken(queue) == [12, 13, 14])
        #expect(queue.takeDropped() == 12)
    }
}
