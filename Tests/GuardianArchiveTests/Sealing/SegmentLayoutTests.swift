import GuardianArchive
import GuardianCore
import Testing

@Suite("Segments and their borders")
struct SegmentLayoutTests {
    @Test("with 4,096-byte segments the borders are 4,040 bytes and then every 4,080")
    func borders() throws {
        let layout = try SegmentLayout()
        #expect(layout.firstCapacity == 4040)
        #expect(layout.nextCapacity == 4080)
        #expect((0...20_000).filter { layout.isSegmentBoundary($0) } == [0, 4040, 8120, 12_200, 16_280])
    }

    @Test("padding reaches the next border, or the one after if the filler does not fit", arguments: [4096, 16_384])
    func padding(_ segmentSize: Int) throws {
        let layout = try SegmentLayout(segmentSize: segmentSize)
        for length in Int64(0)...Int64(3 * segmentSize) {
            let plain = layout.padding(after: length)
            #expect(layout.isSegmentBoundary(length + Int64(plain)))
            #expect((0..<layout.nextCapacity).contains(plain))
            let box = layout.padding(after: length, atLeast: 8)
            #expect(box == plain || (plain < 8 && box == plain + layout.nextCapacity))
            #expect(box == 0 || box >= 8)
            #expect(layout.isSegmentBoundary(length + Int64(box)))
        }
    }

    @Test("lengths of plaintext and body are converted both ways", arguments: [4096, 8192])
    func lengths(_ segmentSize: Int) throws {
        let layout = try SegmentLayout(segmentSize: segmentSize)
        for count in Int64(0)...5 {
            let plaintext = layout.plaintextOffset(ofSegment: count)
            let body = layout.bodyOffset(ofSegment: count)
            #expect(layout.isSegmentBoundary(plaintext))
            #expect(layout.bodyLength(ofWholeSegments: plaintext) == body)
            #expect(layout.bodyLength(ofWholeSegments: plaintext + 1) == nil)
            #expect(layout.plaintextLength(inBody: body) == plaintext)
            #expect(layout.plaintextLength(inBody: body + 15) == nil)
            #expect(layout.plaintextLength(inBody: body + 16) == plaintext)
            #expect(layout.plaintextLength(inBody: body + 17) == plaintext + 1)
            #expect(layout.wholeBody(in: body) == body)
            #expect(layout.wholeBody(in: body + 1) == body)
            #expect(layout.wholeSegments(inBody: body) == count)
        }
        for length in [0, 1, layout.firstCapacity - 1, layout.firstCapacity, layout.firstCapacity + 1, 100_000] {
            let body = layout.bodyLength(ofFinished: Int64(length))
            #expect(layout.plaintextLength(inBody: body) == Int64(length))
            #expect(body > layout.bodyOffset(ofSegment: layout.wholeSegments(inBody: body)))
        }
        #expect(layout.wholeBody(in: 39) == 0)
        #expect(layout.plaintextLength(inBody: 39) == nil)
    }

    @Test(
        "other sizes than powers of two from 4 KiB to 1 MiB are refused", arguments: [0, -4096, 2048, 5000, 2_097_152])
    func sizes(_ size: Int) {
        #expect(throws: GuardianError.self) { try SegmentLayout(segmentSize: size) }
    }
}
