import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianVision
import Testing

@Suite("Which packets the AI service gets")
struct PacketSelectionTests {
    /// Returns packets of even size, ten a second; every `gop`th is a keyframe.
    private func packet(_ number: Int64, gop: Int64 = 100, bytes: Int = 2000, sequence: Int64? = nil) throws -> Packet {
        try Packet(
            bytes: [UInt8](repeating: 1, count: number % gop == 0 ? 40_000 : bytes), pts: Ticks(number * 9000),
            dts: Ticks(number * 9000), duration: 9000, isKeyframe: number % gop == 0, sequence: sequence ?? number)
    }

    /// Returns a selection after a minute without activity.
    private func settled(gop: Int64 = 100, attention: Attention = .quiet) throws -> (PacketSelection, Int64) {
        var selection = PacketSelection()
        for number in Int64(0)..<600 { _ = selection.select(try packet(number, gop: gop), attention: attention) }
        return (selection, 600)
    }

    @Test("a quiet camera sends its keyframes alone")
    func quiet() throws {
        var (selection, next) = try settled()
        var sent: [Packet] = []
        for number in next..<next + 200 { sent += selection.select(try packet(number), attention: .quiet) }
        #expect(sent.map(\.isKeyframe) == [true, true])
    }

    @Test("activity midway in a long GOP sends the whole GOP at once, in order, and all that follows")
    func stirring() throws {
        var (selection, next) = try settled()
        for number in next..<next + 50 { _ = selection.select(try packet(number), attention: .quiet) }
        let burst = selection.select(try packet(next + 50, bytes: 9000), attention: .quiet)
        #expect(burst.count == 50)
        #expect(burst.map(\.mediaTime) == burst.map(\.mediaTime).sorted())
        #expect(burst.first?.mediaTime == MediaTime(milliseconds: (next + 1) * 100))
        let following = selection.select(try packet(next + 51), attention: .quiet)
        #expect(following.count == 1)
    }

    @Test("a quiet camera whose keyframe does not come is looked at all the same", arguments: [(10, 51), (100, 121)])
    func noKeyframe(gop: Int64, late: Int64) throws {
        var (selection, start) = try settled(gop: gop)
        #expect(selection.select(try packet(start, gop: gop), attention: .quiet).count == 1)
        #expect(selection.gop == .milliseconds(gop * 100))
        // From here on no number is a multiple of this GOP.
        let endless = Int64.max
        for number in start + 1..<start + late {
            #expect(selection.select(try packet(number, gop: endless), attention: .quiet).isEmpty)
        }
        #expect(selection.select(try packet(start + late, gop: endless), attention: .quiet).count == Int(late))
        #expect(selection.select(try packet(start + late + 1, gop: endless), attention: .quiet).count == 1)
    }

    @Test("a watch that looks gets every packet")
    func looking() throws {
        var (selection, next) = try settled()
        for number in next..<next + 30 {
            #expect(selection.select(try packet(number), attention: .looking).isEmpty == false)
        }
        next += 30
    }

    @Test("a still person is analysed by keyframes if they are frequent, and by all packets otherwise")
    func still() throws {
        var (often, next) = try settled(gop: 10)
        var sent = 0
        for number in next..<next + 100 { sent += often.select(try packet(number, gop: 10), attention: .still).count }
        #expect(sent == 10)
        var (seldom, from) = try settled(gop: 100)
        sent = 0
        for number in from..<from + 100 { sent += seldom.select(try packet(number), attention: .still).count }
        #expect(sent == 100)
    }

    @Test("sound between the pictures is no gap for the watch")
    func sequence() throws {
        var selection = PacketSelection()
        var sent: [Packet] = []
        for number in Int64(0)..<20 {
            sent += selection.select(try packet(number, sequence: number * 3), attention: .looking)
        }
        #expect(sent.map(\.sequence) == Array(0..<20))
    }
}
