import GRPCCore
import GuardianTestKit
import GuardianWire
import Testing

@Suite("The messages in a message")
struct MessageShapeTests {
    private let shape = MessageShape([1: .init(3, [2: .init()]), 4: .init()])

    /// A field with bytes.
    private func field(_ number: UInt8, _ content: [UInt8] = []) -> [UInt8] {
        [number << 3 | 2, UInt8(content.count)] + content
    }

    @Test("are counted for each field, and altogether")
    func counted() {
        #expect(shape.holds([], limit: 0))
        let three = field(1) + field(1) + field(1)
        #expect(shape.holds(three, limit: 3) && !shape.holds(three, limit: 2))
        #expect(!shape.holds(three + field(1), limit: 9))
        #expect(shape.holds(field(4), limit: 9) && !shape.holds(field(4) + field(4), limit: 9))
        let nested = field(1, field(2)) + field(1, field(2))
        #expect(shape.holds(nested, limit: 4) && !shape.holds(nested, limit: 3))
        #expect(!shape.holds(field(1, field(2) + field(2)), limit: 9))
        // Other fields are no messages.
        #expect(shape.holds(field(2) + field(2) + field(3, [9, 9]), limit: 0))
    }

    @Test(
        "are refused when the bytes are not well formed",
        arguments: [
            [0x0A], [0x0A, 2, 0], [0x08], [0x08, 0x80], [0x09, 1, 2, 3, 4, 5, 6, 7], [0x0D, 1, 2, 3], [0x0B], [0x0C],
            [0x0F],
            [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            [0x8A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
            [0x8A, 0x80, 0x80, 0x80, 0x80, 1, 0],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) { #expect(!shape.holds(bytes, limit: 9)) }

    @Test(
        "are numbers, fixed or not, and texts",
        arguments: [
            [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x09, 1, 2, 3, 4, 5, 6, 7, 8],
            [0x0D, 1, 2, 3, 4],
            [0x1A, 1, 0xFF], [0x82, 1, 0],
        ] as [[UInt8]])
    func formed(bytes: [UInt8]) { #expect(shape.holds(bytes, limit: 0)) }

    @Test("may be any bytes")
    func fuzzed() {
        var input = HostileInput(seed: 61)
        for _ in 0..<HostileInput.count() {
            _ = shape.holds(input.bytes(Int.random(in: 0..<60, using: &input)), limit: 5)
            _ = shape.holds(input.changed(field(1, field(2)) + field(4)), limit: 5)
        }
    }

    @Test("are too many when empty ones flood an answer: it is refused before it is decoded")
    func flood() {
        // Parts of a clip of a page, then clips of a page, then pages, and cameras of a report.
        let parts = Array([[UInt8]](repeating: [0x5A, 0], count: 500_000).joined())
        let clip = prefixed(0x0A, parts)
        for page in [
            prefixed(0x12, clip), prefixed(0x12, Array(repeating: [0x0A, 0], count: 201).flatMap { $0 }),
            [0x12, 0, 0x12, 0],
        ] {
            let error = #expect(throws: RPCError.self) { try Guardian_V1_ArchivePage.bounded.deserialize(page) }
            #expect(error?.code == .internalError)
        }
        let cameras = [[UInt8]](repeating: [0x1A, 0], count: 1_001).flatMap { $0 }
        #expect(throws: RPCError.self) { try Guardian_V1_ArchiveReport.bounded.deserialize(cameras) }
    }

    private func prefixed(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var (length, rest) = ([UInt8](), content.count)
        while rest >= 0x80 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return [tag] + length + [UInt8(rest)] + content
    }
}
