import GuardianCore
import GuardianHTTP
import NIOCore
import Testing

@Suite("Records of a live view, read from bytes")
struct LiveRecordReaderTests {
    private func text(_ record: LiveRecord) -> String {
        switch record {
        case .start(let codecs, let bytes): "start \(codecs) \(bytes)"
        case .fragment(let bytes): "fragment \(bytes)"
        case .state(let json): "state \(String(buffer: json))"
        }
    }

    @Test("are the same wherever the bytes are cut", arguments: [1, 2, 7, 8, 9, 100])
    func cut(size: Int) throws {
        let records: [LiveRecord] = [
            .start(codecs: "avc1.64001e", initSegment: [1, 2, 3]), .state(ByteBuffer(string: "{}")), .fragment([]),
            .fragment(Array(0..<50)),
        ]
        var all = ByteBuffer()
        for (index, record) in records.enumerated() { all.writeImmutableBuffer(record.bytes(camera: UInt8(index))) }
        var (reader, seen) = (LiveRecordReader(), [String]())
        while let piece = all.readSlice(length: min(size, all.readableBytes)), piece.readableBytes > 0 {
            reader.append(piece)
            while let record = try reader.next() { seen.append(text(record)) }
        }
        #expect(seen == records.map(text))
    }

    @Test(
        "are refused when they are too large, or none",
        arguments: [
            [0, 1, 0, 0, 0x00, 0x80, 0, 1], [0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [0, 3, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 0, 1, 9], [0, 0, 0, 0, 0, 0, 0, 2, 0, 1],
        ] as [[UInt8]])
    func refused(bytes: [UInt8]) {
        var reader = LiveRecordReader()
        reader.append(ByteBuffer(bytes: bytes))
        #expect(throws: GuardianError.self) { _ = try reader.next() }
    }
}
