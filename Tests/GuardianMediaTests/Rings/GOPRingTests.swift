import GuardianCore
import GuardianMedia
import Testing

@Suite("The ring of whole GOPs")
struct GOPRingTests {
    /// Returns `count` packets of `size` bytes, 15 a second; every `gop`th is a keyframe.
    private func packets(_ count: Int, gop: Int, size: Int = 100) throws -> [Packet] {
        try (0..<count).map { index in
            try Packet(
                bytes: [UInt8](repeating: 0, count: size), pts: Ticks(6000) * index, dts: Ticks(6000) * index,
                duration: 6000, isKeyframe: index % gop == 0, sequence: Int64(index))
        }
    }

    @Test("covers its span with whole GOPs and no more than that", arguments: [15, 30, 150])
    func span(gop: Int) throws {
        var ring = GOPRing(seconds: 12, byteLimit: 1 << 20)
        for (index, packet) in try packets(1000, gop: gop).enumerated() {
            ring.append(packet)
            #expect(ring.packets.first?.isKeyframe == true)
            #expect(ring.duration >= min(Ticks(6000) * index, 12 * 90_000))
            #expect(ring.duration <= 12 * 90_000 + Ticks(6000) * gop)
        }
        #expect(ring.packets.last?.sequence == 999)
    }

    @Test("covers another span from the next packet on, and loses nothing while it grows")
    func changedSpan() throws {
        var ring = GOPRing(seconds: 4, byteLimit: 1 << 20)
        let all = try packets(1000, gop: 15)
        for packet in all[..<300] { ring.append(packet) }
        let first = try #require(ring.packets.first)
        ring.cover(seconds: 12)
        for packet in all[300..<390] { ring.append(packet) }
        #expect(ring.packets.first?.sequence == first.sequence)
        for packet in all[390...] { ring.append(packet) }
        #expect(ring.duration >= 12 * 90_000)
        ring.cover(seconds: 4)
        for packet in try packets(1015, gop: 15)[1000...] { ring.append(packet) }
        #expect(ring.duration <= 4 * 90_000 + Ticks(6000) * 15 && ring.duration >= 4 * 90_000)
    }

    @Test("keeps below its limit of bytes")
    func bytes() throws {
        var ring = GOPRing(seconds: 12, byteLimit: 10_000)
        for packet in try packets(500, gop: 15, size: 300) {
            ring.append(packet)
            #expect(ring.bytes <= 10_000)
            #expect(ring.packets.reduce(0) { $0 + $1.byteCount } == ring.bytes)
        }
        #expect(!ring.isEmpty)
        for packet in try packets(40, gop: 40, size: 300) { ring.append(packet) }
        #expect(ring.bytes <= 10_000)
    }

    @Test("keeps the beginning of a GOP that is larger than its limit, until the next keyframe")
    func cut() throws {
        var ring = GOPRing(seconds: 12, byteLimit: 10_000)
        for packet in try packets(100, gop: 100, size: 300) {
            ring.append(packet)
            #expect(ring.bytes <= 10_000 && ring.packets.reduce(0) { $0 + $1.byteCount } == ring.bytes)
            #expect(ring.newest.first?.sequence == 0)
        }
        #expect(ring.isCut)
        // A quarter of the limit.
        #expect(ring.newest.map(\.sequence) == Array(0..<8))
        #expect(ring.packets(covering: 99 * 6000).isEmpty)
        #expect(ring.newest(bytes: 1 << 20, packets: 600).isWhole == false)
        for packet in try packets(10, gop: 100, size: 300) { ring.append(packet) }
        #expect(!ring.isCut && ring.newest.count == 10)
        let (whole, part) = (ring.newest(bytes: 3_000, packets: 10), ring.newest(bytes: 2_999, packets: 10))
        #expect(whole.isWhole && whole.packets.count == 10)
        #expect(!part.isWhole && part.packets.map(\.sequence) == Array(0..<2))
        #expect(ring.newest(bytes: 299, packets: 10).packets.isEmpty)
    }

    @Test("gives the GOPs from the one on that covers a moment")
    func covering() throws {
        var ring = GOPRing(seconds: 12, byteLimit: 1 << 20)
        for packet in try packets(150, gop: 30) { ring.append(packet) }
        #expect(ring.packets(covering: 65 * 6000).first?.sequence == 60)
        #expect(ring.packets(covering: 60 * 6000).first?.sequence == 60)
        #expect(ring.packets(covering: -5).first?.sequence == 0)
        #expect(ring.newest.map(\.sequence) == Array(120..<150))
    }
}
