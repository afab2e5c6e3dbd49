import Crypto
import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A clip file")
struct ClipFileTests {
    private func bytes(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path))) }

    private func boxes(_ path: String) throws -> [(type: String, offset: Int, size: Int)] {
        let file = try bytes(path)
        var found: [(String, Int, Int)] = []
        var place = 0
        while place + 8 <= file.count {
            let size = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            found.append((String(decoding: file[place + 4..<place + 8], as: UTF8.self), place, size))
            guard size >= 8 else { break }
            place += size
        }
        return found
    }

    @Test(
        "plays with unchanged packets, from 0, in fragments of a second at most",
        arguments: [
            ("in.mp4", "libx264 -bf 0", 15, "h264", "avc1"), ("in.mp4", "libx264 -bf 0", 150, "h264", "avc1"),
            ("in.ts", "libx264 -bf 0", 30, "h264", "avc1"), ("in.ts", "libx265 -bf 0", 15, "hevc", "hvc1"),
            ("in.mp4", "libx264 -bf 2", 20, "h264", "avc1"),
        ])
    func plays(name: String, codec: String, gop: Int, expected: String, tag: String) throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make(name, seconds: 5, codec: codec, gop: gop))
        let clip = try #require(try footage.clip("clip.mp4", stream, packets))
        let summary = try clip.close()
        let path = footage.path("clip.mp4")
        #expect(
            try Tool.probe(path, "stream=codec_name,codec_tag_string,width,height") == ["\(expected),\(tag),320,240"])
        let sizes = try Tool.probe(path, "packet=pts_time,flags")
        #expect(sizes.count == packets.count)
        #expect(sizes.count { $0.contains("K") } == packets.count(where: \.isKeyframe))
        #expect(Double(sizes.first?.split(separator: ",").first ?? "") ?? -1 < 0.2)
        #expect(try Tool.decodingErrors(path) == "")
        #expect((summary.duration - .seconds(5)).magnitude < .milliseconds(40))
        let file = try bytes(path)
        #expect(summary.size == Int64(file.count))
        #expect(summary.sha256.bytes == Array(SHA256.hash(data: file)))
        let found = try boxes(path)
        #expect(found.first?.type == "ftyp" && found.last?.type == "mfra")
        #expect(found.count { $0.type == "moof" } >= 5)
        #expect(clip.contentType.hasPrefix("video/mp4; codecs=\"\(tag)."))
        #expect(try ClipFile.adopt(URL(filePath: path)).contentType == clip.contentType)
    }

    @Test("keeps sound beside the picture")
    func sound() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 3, audio: "aac"), audio: true)
        let clip = try #require(try footage.clip("clip.mp4", stream, packets))
        _ = try clip.close()
        #expect(clip.contentType.hasSuffix(",mp4a.40.2\""))
        #expect(try ClipFile.adopt(URL(filePath: footage.path("clip.mp4"))).contentType == clip.contentType)
        let path = footage.path("clip.mp4")
        let times = try Tool.probe(path, "packet=pts_time", ["-select_streams", "a"]).compactMap(Double.init)
        #expect(times.count > 130)
        #expect((times.last ?? 0) > 2.8 && (times.last ?? 0) < 3.1)
        #expect(try Tool.decodingErrors(path) == "")
    }

    @Test(
        "cut after its first fragment still plays, except within a moof, and is adopted with all its whole fragments"
    )
    func cut() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 6))
        let clip = try #require(try footage.clip("whole.mp4", stream, packets))
        let whole = try clip.close()
        let file = try bytes(footage.path("whole.mp4"))
        let found = try boxes(footage.path("whole.mp4"))
        let ends = found.filter { $0.type == "mdat" }.map { $0.offset + $0.size }
        let heads = found.filter { $0.type == "moof" }.map { $0.offset + 8..<$0.offset + $0.size }
        var generator = SystemRandomNumberGenerator()
        let first = try #require(ends.first)
        for length in [first, first + 1, file.count - 1, try #require(heads.last).lowerBound + 36]
            + (0..<12).map({ _ in Int.random(in: first..<file.count, using: &generator) })
        {
            let path = footage.path("cut-\(length).mp4")
            try Tool.write(Array(file[..<length]), to: path)
            // FFmpeg reads every `moof` before it plays, and refuses a file with a torn one: some 100 bytes a second.
            if !heads.contains(where: { $0.contains(length) }) {
                #expect(try !Tool.probe(path, "packet=pts_time").isEmpty)
            }
            let adopted = try ClipFile.adopt(URL(filePath: path))
            let kept = ends.count { $0 <= length }
            #expect(!adopted.isComplete)
            // The first fragment has one frame, the second the rest of the first second.
            let expected: Duration = kept == 1 ? .seconds(1) / 15 : .seconds(kept - 1)
            #expect((adopted.summary.duration - expected).magnitude < .milliseconds(40))
            #expect(adopted.tornBytes == Int64(length - (ends.last { $0 <= length } ?? 0)))
            let after = try bytes(path)
            #expect(adopted.summary.size == Int64(after.count))
            #expect(adopted.summary.sha256.bytes == Array(SHA256.hash(data: after)))
            #expect(Array(after[..<(ends[kept - 1])]) == Array(file[..<(ends[kept - 1])]))
            #expect(try boxes(path).last?.type == "mfra")
            #expect(try Tool.decodingErrors(path) == "")
            let again = try ClipFile.adopt(URL(filePath: path))
            #expect(again.isComplete && again.summary == adopted.summary)
        }
        let complete = try ClipFile.adopt(URL(filePath: footage.path("whole.mp4")))
        #expect(complete.isComplete && complete.summary == whole)
        #expect(complete.contentType == clip.contentType)
        #expect(try bytes(footage.path("whole.mp4")) == file)
    }

    @Test("plays at once: its first frame is a fragment of its own")
    func firstPicture() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1))
        let clip = try #require(try footage.clip("clip.mp4", stream, Array(packets.prefix(1))))
        #expect(clip.duration > .zero)
        #expect(try clip.size == Int64(bytes(footage.path("clip.mp4")).count))
        #expect(try Tool.probe(footage.path("clip.mp4"), "packet=pts_time").count == 1)
    }

    @Test("that cannot begin leaves no file")
    func noBeginning() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1))
        var first = try #require(packets.first)
        first.isKeyframe = false
        let url = URL(filePath: footage.path("clip.mp4"))
        #expect(throws: GuardianError.self) { try ClipFile(creating: url, stream: stream, first: first) }
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }

    @Test("that holds no whole fragment is left as it is")
    func empty() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1))
        let clip = try #require(try footage.clip("clip.mp4", stream, Array(packets.prefix(1))))
        let path = footage.path("clip.mp4")
        try #require(truncate(path, off_t(clip.size - 1)) == 0)
        let before = try bytes(path)
        let error = try #require(throws: GuardianError.self) { try ClipFile.adopt(URL(filePath: path)) }
        #expect(error.code == .dataLoss)
        #expect(try bytes(path) == before)
    }

    @Test("is never written over another")
    func exclusive() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 1))
        _ = try footage.clip("clip.mp4", stream, packets)
        let error = try #require(throws: GuardianError.self) { _ = try footage.clip("clip.mp4", stream, packets) }
        #expect(error.code == .alreadyExists)
    }

    @Test("is refused for codecs that no browser plays, with what to do")
    func codecs() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.avi", seconds: 1, codec: "mpeg4"))
        let error = try #require(throws: GuardianError.self) { _ = try footage.clip("clip.mp4", stream, packets) }
        #expect(
            error.message == "The camera sends mpeg4, which cannot be recorded. Set the camera to H.264 or H.265.")
    }

    @Test("that is damaged anywhere never causes a crash")
    func damaged() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 2, size: "64x48"))
        _ = try footage.clip("whole.mp4", stream, packets)
        let file = try bytes(footage.path("whole.mp4"))
        let heads = try boxes(footage.path("whole.mp4")).filter { $0.type != "mdat" }
        let path = footage.path("damaged.mp4")
        for _ in 0..<400 {
            var copy = file
            let box = try #require(heads.randomElement())
            for _ in 0..<Int.random(in: 1...4) {
                copy[Int.random(in: box.offset..<box.offset + box.size)] = UInt8.random(in: 0...255)
            }
            try Tool.write(copy, to: path)
            if let adopted = try? ClipFile.adopt(URL(filePath: path)) { #expect(adopted.summary.duration >= .zero) }
            let source = FileSource(path: path)
            if (try? source.open()) != nil { while (try? source.next()) != nil {} }
        }
    }
}
