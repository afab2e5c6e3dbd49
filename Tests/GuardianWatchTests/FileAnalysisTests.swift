import Foundation
import GuardianCore
import GuardianMedia
import GuardianWatch
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

    @Test("says that its pictures lie on their side, and how to turn them")
    func turned() throws {
        let footage = try Footage()
        let turned = try footage.make(
            "turned.mp4", ["-i", try film(footage), "-c", "copy", "-metadata:s:v:0", "rotate=90"])
        #expect(try failure(turned).message.contains("on their side"))
        #expect(try FileAnalysis(detector: EmptyDetector()).run(path: film(footage)).frames == 10)
    }
}
