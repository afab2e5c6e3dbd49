import Foundation
import GuardianCore
import GuardianMedia
import enum GuardianTestKit.DisplayMatrix
import GuardianVision
import GuardianWatch
import Synchronization
import Testing

@Suite("The analysis of a file that cannot be analysed", .serialized)
struct FileAnalysisTests {
    private func failure(_ path: String) throws -> GuardianError {
        try #require(throws: GuardianError.self) {
            _ = try FileAnalysis(detector: EmptyDetector()).run(path: path)
        }
    }

    private func film(_ footage: Footage) throws -> String {
        try footage.make(
            "plain.mp4", ["-f", "lavfi", "-i", "testsrc=duration=1:rate=10", "-c:v", "libx264", "-pix_fmt", "yuv420p"])
    }

    @Test("says that it is a folder, a pipe or not there")
    func noFile() throws {
        let footage = try Footage()
        #expect(try failure(footage.folder.path).message.hasSuffix("is a folder: name a video file in it."))
        let pipe = footage.folder.appending(path: "pipe.mp4").path
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(try failure(pipe).message.contains("is a pipe"))
        #expect(try failure("/nowhere/a.mp4").code == .notFound)
    }

    @Test("says that it is encrypted, or damaged throughout")
    func unreadable() throws {
        let footage = try Footage()
        let plain = try film(footage)
        let key = String(repeating: "76", count: 16)
        let encrypted = try footage.make(
            "encrypted.mp4",
            [
                "-i", plain, "-c", "copy", "-encryption_scheme", "cenc-aes-ctr", "-encryption_key", key,
                "-encryption_kid", key,
            ])
        #expect(try failure(encrypted).message.contains("is encrypted"))
        let damaged = try footage.make("damaged.mkv", ["-i", plain, "-c", "copy", "-bsf:v", "noise=amount=1"])
        #expect(try failure(damaged).message.contains("can be decoded"))
    }

    @Test("says that its pictures are mirrored or at an odd angle, and what to do")
    func mirrored() throws {
        let footage = try Footage()
        for matrix in [DisplayMatrix.mirrored, .upsideDown, .odd] {
            #expect(try failure(matrix.applied(to: film(footage))).message.contains("mirrored or at an odd angle"))
        }
        #expect(try FileAnalysis(detector: EmptyDetector()).run(path: film(footage)).frames == 10)
    }

    @Test("is no film that a phone has stored on its side: its pictures are turned before anybody looks at them")
    func turned() throws {
        let footage = try Footage()
        let film = try footage.make(
            "halves.mp4",
            [
                "-f", "lavfi", "-i", "color=white:size=160x160:duration=1:rate=10", "-f", "lavfi", "-i",
                "color=black:size=160x160:duration=1:rate=10", "-filter_complex", "hstack", "-c:v", "libx264",
                "-pix_fmt",
                "yuv420p",
            ])
        // The whole frame is looked at first, in tiles from above. Upright, the white half is below.
        let detector = try TileKeeper()
        _ = try FileAnalysis(detector: detector).run(path: DisplayMatrix.left.applied(to: film))
        let tiles = try #require(detector.tiles)
        #expect(tiles[0] < 60 && tiles[tiles.count - 1] > 200, "\(tiles)")
    }

    @Test("of squeezed pixels is of the pictures as they are shown")
    func squeezed() throws {
        let footage = try Footage()
        let wide = try footage.make(
            "wide.mp4",
            [
                "-f", "lavfi", "-i", "testsrc=size=640x320:duration=1:rate=10", "-c:v", "libx264", "-pix_fmt",
                "yuv420p",
            ])
        let squeezed = try footage.make(
            "squeezed.mp4",
            ["-i", wide, "-vf", "scale=320:320,setsar=2", "-c:v", "libx264", "-pix_fmt", "yuv420p"])
        let tiles = try [wide, squeezed].map { path in
            let detector = try TileKeeper()
            _ = try FileAnalysis(detector: detector).run(path: path)
            return try #require(detector.tiles)
        }
        #expect(tiles[0].count == tiles[1].count && Set(tiles[0]).count > 1)
        #expect(zip(tiles[0], tiles[1]).allSatisfy { abs(Int($0) - Int($1)) < 40 }, "\(tiles)")
    }
}

/// Finds nothing, and keeps the brightness of the middle of each picture of the first call.
private final class TileKeeper: Detector {
    let model: ModelDescription
    private let first = Mutex<[UInt8]?>(nil)

    init() throws { model = try EmptyDetector().model }

    var tiles: [UInt8]? { first.withLock { $0 } }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] {
        first.withLock { $0 = $0 ?? pictures.map { $0[(16 * 32 + 16) * 3] } }
        return pictures.map { _ in [] }
    }
}
