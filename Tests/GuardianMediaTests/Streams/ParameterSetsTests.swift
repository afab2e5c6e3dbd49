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

    @Test("that differ only in their usability information do not change", arguments: [VideoCodec.h264, .h265])
    func usability(codec: VideoCodec) throws {
        let footage = try Footage()
        let encoder = codec == .h264 ? "libx264 -bf 0" : "libx265"
        let film = try footage.make("in.ts", seconds: 1, rate: 5, codec: encoder)
        let sets = try Self.sets(film)
        for change in ["tick_rate=50", "colour_primaries=5", "video_full_range_flag=1"] {
            let other = try Self.sets(Self.film(film, codec, change, in: footage))
            #expect(other != sets, "\(change) is in the sets")
            #expect(sets.updated(by: other) == sets, "\(change)")
        }
    }

    @Test("of another level, size or shape of the pixels replace those before", arguments: [VideoCodec.h264, .h265])
    func contradiction(codec: VideoCodec) throws {
        let footage = try Footage()
        let encoder = codec == .h264 ? "libx264 -bf 0" : "libx265"
        let film = try footage.make("in.ts", seconds: 1, rate: 5, codec: encoder)
        let sets = try Self.sets(film)
        let large = try footage.make("large.ts", seconds: 1, size: "640x480", rate: 5, codec: encoder)
        let others = try ["level=5.1", "sample_aspect_ratio=4/3"].map { try Self.film(film, codec, $0, in: footage) }
        for other in try (others + [large]).map(Self.sets) {
            #expect(sets.updated(by: other) == other && other.updated(by: sets) == sets)
        }
    }

    @Test("with other ids are added, and a picture set replaces the one with its id")
    func ids() {
        let (sequence, picture) = (Bits.sequence(), Bits.picture(0))
        let sets = Bits.sets([sequence, picture])
        let added = sets.updated(by: Bits.sets([sequence, Bits.picture(1)]))
        #expect(added == Bits.sets([sequence, picture, Bits.picture(1)]))
        #expect(added.updated(by: sets) == added, "a camera that alternates between ids has one description")
        #expect(added.updated(by: Bits.sets([Bits.sequence(timing: 25), Bits.picture(1)])) == added)

        let replaced = added.updated(by: Bits.sets([Bits.picture(0, quantiser: 3)]))
        #expect(replaced == Bits.sets([sequence, Bits.picture(1), Bits.picture(0, quantiser: 3)]))
        #expect(added.updated(by: Bits.sets([Bits.sequence(id: 1)])).sequence?.width == 320)
        let large = Bits.sets([Bits.sequence(id: 1, macroblocks: 40), Bits.picture(0)])
        #expect(added.updated(by: large) == large, "another size with another id is another stream")
    }

    @Test("are collected within what a record counts, and in 64 KiB")
    func bounds() {
        var sets = Bits.sets([Bits.sequence(), Bits.picture(0)])
        for id in 1..<32 { sets = sets.updated(by: Bits.sets([Bits.sequence(id: id)])) }
        #expect(sets == Bits.sets([Bits.sequence(id: 31), Bits.picture(0)]))
        for id in 1..<20 { sets = sets.updated(by: Bits.sets([Bits.picture(id) + [UInt8](repeating: 7, count: 5000)])) }
        #expect(sets.annexB.count < 1 << 16)
    }

    private static func sets(_ path: String) throws -> ParameterSets {
        let stream = try FileSource(path: path).open()
        return ParameterSets(codec: stream.codec, extradata: stream.extradata)
    }

    /// Returns a copy of a film with something else in its sequence parameter sets, as ffmpeg's bitstream filters name it.
    private static func film(
        _ path: String, _ codec: VideoCodec, _ change: String, in footage: Footage
    ) throws -> String {
        let (made, name) = (footage.path("changed.ts"), codec == .h265 ? "hevc" : "h264")
        let filter = "\(name)_metadata=\(change)"
        try Tool.run("ffmpeg", ["-v", "error", "-y", "-i", path, "-c", "copy", "-bsf:v", filter, made])
        return made
    }
}

/// H.264 parameter sets, bit by bit (ITU-T H.264, 7.3.2.1 and 7.3.2.2).
private struct Bits {
    private var text = ""

    private mutating func write(_ value: Int, bits: Int) {
        let digits = String(value, radix: 2)
        text += String(repeating: "0", count: bits - digits.count) + digits
    }

    private mutating func write(code value: Int) {
        let digits = String(value + 1, radix: 2)
        text += String(repeating: "0", count: digits.count - 1) + digits
    }

    /// With the stop bit.
    private var bytes: [UInt8] {
        let whole = text + "1" + String(repeating: "0", count: (7 - text.count % 8 + 8) % 8)
        return stride(from: 0, to: whole.count, by: 8).compactMap { UInt8(whole.dropFirst($0).prefix(8), radix: 2) }
    }

    static func sets(_ units: [[UInt8]]) -> ParameterSets {
        ParameterSets(codec: .h264, extradata: units.flatMap { [0, 0, 0, 1] + $0 })
    }

    /// - Parameters:
    ///   - macroblocks: the picture's width, in 16 pixels.
    ///   - timing: time units of the usability information; `nil` when there is none.
    static func sequence(id: Int = 0, macroblocks: Int = 20, timing: Int? = nil) -> [UInt8] {
        var bits = Bits()
        for byte in [66, 0xC0, 30] { bits.write(byte, bits: 8) }
        // Frame numbers of 4 bits, order of decoding, one reference without gaps, 15 macroblocks high, whole frames.
        for code in [id, 0, 2, 1] { bits.write(code: code) }
        bits.text += "0"
        for code in [macroblocks - 1, 14] { bits.write(code: code) }
        bits.text += "110"
        bits.text += timing == nil ? "0" : "1"
        if let timing {
            bits.text += "00001"
            for number in [0x1000_0000 + timing, 0x1000_0000 + 2 * timing] { bits.write(number, bits: 32) }
            bits.text += "10000"
        }
        return [0x67] + bits.bytes
    }

    static func picture(_ id: Int, quantiser: Int = 0) -> [UInt8] {
        var bits = Bits()
        for code in [id, 0] { bits.write(code: code) }
        bits.text += "00"
        for code in [0, 0, 0] { bits.write(code: code) }
        bits.text += "000"
        for code in [quantiser, 0, 0] { bits.write(code: code) }
        bits.text += "100"
        return [0x68] + bits.bytes
    }
}
