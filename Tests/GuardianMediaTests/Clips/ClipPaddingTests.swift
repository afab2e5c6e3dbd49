import Foundation
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A clip that is archived while it grows")
struct ClipPaddingTests {
    private static let padding = FragmentPadding(first: 4_040, step: 4_080)

    private func isBorder(_ length: Int64) -> Bool { length >= 4_040 && (length - 4_040) % 4_080 == 0 }

    @Test("every length is filled up to a border by one free box, or is on one")
    func boxes() {
        for length in Int64(0)...20_000 {
            let box = Self.padding.box(after: length)
            #expect(isBorder(length + Int64(box.count)))
            guard !box.isEmpty else {
                #expect(isBorder(length))
                continue
            }
            let size = box[..<4].reduce(0) { $0 << 8 | Int($1) }
            #expect(size == box.count && box.count >= 8 && Array(box[4..<8]) == Array("free".utf8))
        }
    }

    @Test("ends with each fragment on a border, and plays as it does without")
    func fragments() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 4))
        let url = URL(filePath: footage.path("padded.mp4"))
        let first = try #require(packets.first)
        let clip = try ClipFile(creating: url, stream: stream, first: first, padding: Self.padding)
        var sizes: Set<Int64> = [clip.size]
        for packet in packets.dropFirst() {
            try clip.append(packet)
            sizes.insert(clip.size)
        }
        #expect(sizes.count >= 4 && sizes.allSatisfy(isBorder))
        let summary = try clip.close()
        #expect(try ClipFile.adopt(url).summary == summary)
        #expect(try Tool.decodingErrors(url.path) == "")
        #expect(try Tool.probe(url.path, "packet=pts_time").count == packets.count)
    }

    @Test("continues from any position as an mp4 of its own, from the newest keyframe before it")
    func continuation() throws {
        let footage = try Footage()
        let (stream, packets) = try footage.read(try footage.make("in.mp4", seconds: 5))
        let url = URL(filePath: footage.path("padded.mp4"))
        let first = try #require(packets.first)
        let clip = try ClipFile(creating: url, stream: stream, first: first, padding: Self.padding)
        var ends: [Int64] = []
        for packet in packets.dropFirst() {
            try clip.append(packet)
            if ends.last != clip.size { ends.append(clip.size) }
        }
        // The clip still grows: it is not closed here.
        let bytes = try Data(contentsOf: url)
        for end in ends {
            let rest = try ClipContinuation(of: url, from: end - 1)
            #expect(rest.start <= end - 1)
            let film = footage.path("rest-\(end).mp4")
            try (Data(rest.initSegment) + bytes[Int(rest.start)...]).write(to: URL(filePath: film))
            let flags = try Tool.probe(film, "packet=flags")
            #expect(flags.first?.hasPrefix("K") == true)
            #expect(try Tool.decodingErrors(film) == "")
        }
        #expect(throws: (any Error).self) { try ClipContinuation(of: URL(filePath: "/dev/null"), from: 0) }
    }
}
