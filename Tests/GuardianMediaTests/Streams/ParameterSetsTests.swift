import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("Parameter sets")
struct ParameterSetsTests {
    @Test(
        "give the picture's size, from a file's record and from a stream",
        arguments: [
            ("libx264 -bf 0", "322x238"), ("libx264 -bf 2", "1918x1078"),
            ("libx264 -profile:v baseline -bf 0", "64x48"),
            ("libx264 -flags +ildct+ilme", "320x240"), ("libx265", "322x238"),
            ("libx265 -x265-params bframes=0", "1912x1070"),
        ])
    func size(codec: String, size: String) throws {
        let footage = try Footage()
        for name in ["in.mp4", "in.ts"] {
            let path = try footage.make(name, seconds: 1, size: size, rate: 5, codec: codec)
            let source = FileSource(path: path)
            let stream = try source.open()
            let sets = ParameterSets(codec: stream.codec, extradata: stream.extradata)
            #expect(sets.isComplete)
            let parameters = try #require(sets.sequence)
            #expect("\(parameters.width)x\(parameters.height)" == size)
            #expect(ParameterSets(codec: stream.codec, extradata: sets.annexB) == sets)
        }
    }

    @Test("name the codec as browsers want it")
    func codecs() throws {
        let high: [UInt8] = [0, 0, 0, 1, 0x67, 0x64, 0x00, 0x1F, 0xAC, 0, 0, 1, 0x68, 0xEE]
        #expect(StreamDescription(codec: .h264, extradata: high, width: 1, height: 1).codecs == "avc1.64001f")
        // Main profile, main tier, level 3.1, progressive and frame only: the example of ISO/IEC 14496-15, E.3.
        let main: [UInt8] =
            [0, 0, 0, 1, 0x42, 0x01, 0x01, 0x01, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 0x5D, 0xA0]
        #expect(StreamDescription(codec: .h265, extradata: main, width: 1, height: 1).codecs == "hvc1.1.6.L93.90")
        #expect(StreamDescription(codec: .h264, extradata: [], width: 1, height: 1).codecs == nil)
        #expect(StreamDescription(codec: .other("mpeg4"), extradata: high, width: 1, height: 1).codecs == nil)
    }

    @Test("of noise give nothing and cause no crash", arguments: [VideoCodec.h264, .h265])
    func noise(codec: VideoCodec) throws {
        let footage = try Footage()
        let source = FileSource(
            path: try footage.make("in.ts", seconds: 1, rate: 5, codec: codec == .h264 ? "libx264" : "libx265"))
        let good = try source.open().extradata
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6) { bytes[Int.random(in: 4..<bytes.count)] = UInt8.random(in: 0...255) }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count)))
            let sets = ParameterSets(codec: codec, extradata: bytes)
            if let parameters = sets.sequence { #expect(parameters.width > 0 && parameters.height > 0) }
            _ = StreamDescription(codec: codec, extradata: bytes, width: 1, height: 1).codecs
            bytes.insert(1, at: 0)
            _ = ParameterSets(codec: codec, extradata: bytes).isComplete
        }
    }
}
