import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

/// A camera chooses what stands in a clip, and the process that adopts clips holds the keys.
@Suite("A clip that a hostile camera filled", .timeLimit(.minutes(10)))
struct HostileClipSerialTests {
    private func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(contents.count + 8).bigEndian) { Array($0) } + Array(type.utf8) + contents
    }

    @Test("with huge pictures is adopted in little memory, because nothing is decoded")
    func huge() throws {
        let footage = try Footage()
        let film = try footage.make(
            "in.mp4", seconds: 1, size: "6144x6144", rate: 2, codec: "libx264 -bf 0 -tune zerolatency")
        // Footage is read as a file here, which does decode; adoption is measured alone.
        let (stream, packets) = try footage.read(film)
        let clip = try #require(try footage.clip("clip.mp4", stream, packets))
        let summary = try clip.close()
        let descriptor = open("/proc/self/clear_refs", O_WRONLY)
        try #require(descriptor >= 0 && write(descriptor, "5", 1) == 1, "the peak can be set back")
        close(descriptor)
        let before = try Self.status("VmHWM")
        let adopted = try ClipFile.adopt(URL(filePath: footage.path("clip.mp4")))
        #expect(adopted.summary == summary && adopted.contentType == clip.contentType)
        // One decoded picture has 56 MB.
        #expect(try Self.status("VmHWM") - before < 24_000)
    }

    /// Returns a value of this process's status in kB.
    private static func status(_ name: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(line.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.first)
    }

    @Test("with any numbers in its boxes has a duration that the journal takes, or is refused")
    func numbers() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(
            try footage.make("in.mp4", seconds: 1, size: "64x48", audio: "aac"), audio: true)
        let clip = try #require(try footage.clip("whole.mp4", stream, packets))
        _ = try clip.close()
        let file = try Array(Data(contentsOf: URL(filePath: footage.path("whole.mp4"))))
        let head = try #require(file.firstRange(of: Array("mdat".utf8))).lowerBound
        var input = HostileInput(seed: 61)
        let path = footage.path("changed.mp4")
        var accepted = 0
        for _ in 0..<HostileInput.count(1_000) {
            var copy = file
            for _ in 0..<Int.random(in: 1...3, using: &input) {
                // A number of four or eight bytes within the boxes before the first fragment's content.
                let bytes =
                    input.chance(2) ? bigEndian(input.integer(UInt32.self)) : bigEndian(input.integer(UInt64.self))
                let place = Int.random(in: 0..<head - 8, using: &input)
                copy.replaceSubrange(place..<place + bytes.count, with: bytes)
            }
            try Tool.write(copy, to: path)
            guard let adopted = try? ClipFile.adopt(URL(filePath: path)) else { continue }
            accepted += 1
            #expect(Plausible.duration.contains(adopted.summary.duration.milliseconds))
            #expect(adopted.contentType.hasPrefix("video/mp4") && adopted.contentType.utf8.count < 200)
        }
        #expect(accepted > 0)
    }

    private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    @Test("with fragments that last for ever has the longest duration of all, and none overflows")
    func endless() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1, size: "64x48"))
        let clip = try #require(try footage.clip("whole.mp4", stream, packets))
        _ = try clip.close()
        let file = try Array(Data(contentsOf: URL(filePath: footage.path("whole.mp4"))))
        let start = try #require(file.firstRange(of: Array("moof".utf8))).lowerBound - 4
        // Each run has 65,536 samples of the longest duration, and there are 30,000 runs.
        let header = box("tfhd", [0, 2, 0, 8, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF])
        let time = box("tfdt", [1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))
        let run = box("trun", [0, 0, 0, 0, 0, 1, 0, 0])
        let runs = Array(repeatElement(run, count: 30_000).joined())
        let path = footage.path("endless.mp4")
        try Tool.write(file[..<start] + box("moof", box("traf", header + time + runs)) + box("mdat", [0]), to: path)
        let adopted = try ClipFile.adopt(URL(filePath: path))
        #expect(
            adopted.summary.duration > .seconds(1_000_000)
                && Plausible.duration.contains(adopted.summary.duration.milliseconds))
    }
}
