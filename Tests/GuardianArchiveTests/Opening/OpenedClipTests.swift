import Foundation
import GuardianArchive
import GuardianCore
import Synchronization
import Testing

@Suite("Opening")
struct OpenedClipTests {
    let sample: Sample

    init() throws { sample = try Sample() }

    @Test("any range has the bytes of the plaintext", arguments: [4096, 65_536])
    func ranges(_ segmentSize: Int) async throws {
        var dice = Dice(3)
        let plaintext = dice.bytes(700_001)
        let clip = try await ClipOpener(sample.owner).open(
            SealedSource(sample.seal(plaintext, segmentSize: segmentSize)))
        #expect(clip.plaintextLength == 700_001)
        for _ in 0..<200 {
            let start = Int64.random(in: 0...700_001, using: &dice)
            let end = Int64.random(in: start...700_100, using: &dice)
            let read = try await clip.read(start..<end)
            #expect(read == Array(plaintext[Int(start)..<min(Int(end), plaintext.count)]))
        }
        await #expect(throws: GuardianError.self) { try await clip.read(700_002..<700_003) }
    }

    @Test("a range reads only its own segments, so damage elsewhere does not matter")
    func rangesAlone() async throws {
        let plaintext = Dice.some(100_000)
        var file = try sample.seal(plaintext)
        let body = try SealedPrefix(parsing: file).bodyOffset
        file[body + 5 * 4096] ^= 1
        let asked = Mutex<[Range<Int64>]>([])
        let bytes = file
        let source = SealedSource(size: Int64(bytes.count)) { offset, count in
            asked.withLock { $0.append(offset..<offset + Int64(count)) }
            return Array(bytes[Int(offset)..<Int(offset) + count])
        }
        let clip = try await ClipOpener(sample.owner).open(source)
        asked.withLock { $0 = [] }
        #expect(try await clip.read(50_000..<50_001) == [plaintext[50_000]])
        #expect(asked.withLock { $0 } == [Int64(body + 12 * 4096)..<Int64(body + 13 * 4096)])
        await #expect(throws: GuardianError.self) { try await clip.read(20_400..<20_500) }
    }

    @Test("a source that returns too few bytes is an error, not a damaged clip")
    func shortSource() async throws {
        let file = try sample.seal(Dice.some(10_000))
        let source = SealedSource(size: Int64(file.count)) { offset, count in
            Array(file[Int(offset)..<min(Int(offset) + count, 8000)])
        }
        let error = await #expect(throws: GuardianError.self) {
            try await ClipOpener(sample.owner).open(source) { _ in }
        }
        #expect(error?.code == .unavailable)
    }

    @Test("a file on disk opens, and a missing file is reported as missing")
    func files() async throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).grdn")
        defer { try? FileManager.default.removeItem(at: place) }
        let plaintext = Dice.some(300_000)
        try Data(sample.seal(plaintext)).write(to: place)
        var opened: [UInt8] = []
        let result = try await ClipOpener(sample.owner).open(.file(place.path)) { opened += $0 }
        #expect(result.outcome == .complete)
        #expect(opened == plaintext)
        let error = #expect(throws: GuardianError.self) { try SealedSource.file(place.path + ".none") }
        #expect(error?.code == .notFound)
    }

    @Test("every refusal has a sentence and a kind of its own")
    func sentences() {
        let all: [OpeningRefusal] = [
            .notASealedClip, .header, .signature, .otherDevice, .otherClip, .recipients, .wrongCode, .damagedKey,
            .recipientsChanged, .body, .segment(7),
        ]
        #expect(Set(all.map(\.sentence)).count == all.count)
        #expect(Set(all.map(\.name)).count == all.count)
        #expect(OpeningRefusal.wrongCode.error.code == .permissionDenied)
        #expect(OpeningRefusal.damagedKey.error.code == .dataLoss)
        #expect(OpeningRefusal.segment(7).error.refusal == .segment(7))
    }
}
