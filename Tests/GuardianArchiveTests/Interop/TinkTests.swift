import Foundation
import GuardianArchive
import GuardianCore
import Testing

/// Tests/Interop/sealed_clip.py: PyPI's `tink` and `cryptography`, which share no code with Guardian.
private struct Tink {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL
    private static let python = root.appending(path: ".tools/venv-test/bin/python")
    private static let script = root.appending(path: "Tests/Interop/sealed_clip.py")

    /// `scripts/bootstrap test` installs both packages.
    static var isInstalled: Bool { (try? run(["-c", "import tink, cryptography.hazmat.primitives.hpke"])) == true }

    let folder: URL
    let secret: OwnerSecret

    /// Seals the plaintext to `clip.grdn`.
    func seal(_ plaintext: [UInt8], segmentSize: Int, to kems: [RecipientKEM]) throws -> [UInt8] {
        let input = folder.appending(path: "plain")
        try Data(plaintext).write(to: input)
        let clip = folder.appending(path: "clip.grdn")
        let isSealed = try Self.run(
            [Self.script.path, "seal", hex, clip.path, "\(segmentSize)"] + kems.map(\.rawValue), input: input)
        #expect(isSealed)
        return Array(try Data(contentsOf: clip))
    }

    /// Opens the clip; returns `nil` if the program refuses it.
    func open(_ file: [UInt8]) throws -> [UInt8]? {
        let clip = folder.appending(path: "clip.grdn")
        let output = folder.appending(path: "opened")
        try Data(file).write(to: clip)
        return try Self.run([Self.script.path, "open", hex, clip.path], output: output)
            ? Array(Data(contentsOf: output)) : nil
    }

    private var hex: String { secret.withBytes { Hash256(bytes: $0) }?.hex ?? "" }

    private static func run(_ arguments: [String], input: URL? = nil, output: URL? = nil) throws -> Bool {
        let process = Process()
        process.executableURL = python
        process.arguments = arguments
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        if let output {
            try Data().write(to: output)
            process.standardOutput = try FileHandle(forWritingTo: output)
        }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}

@Suite("Tink and we open each other's clips", .serialized, .enabled(if: Tink.isInstalled, "scripts/bootstrap test"))
struct TinkTests {
    let sample: Sample
    private let tink: Tink

    init() throws {
        sample = try Sample()
        let folder = FileManager.default.temporaryDirectory.appending(path: "tink-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        tink = Tink(folder: folder, secret: sample.secret)
    }

    @Test(
        "what we seal, Tink opens: of any length, a closing segment that is empty included",
        arguments: [[.xWing], [.x25519], [.x25519, .xWing]] as [[RecipientKEM]])
    func ours(_ kems: [RecipientKEM]) throws {
        defer { try? FileManager.default.removeItem(at: tink.folder) }
        for length in [0, 1, 4039, 4040, 4041, 8120, 100_000] {
            let plaintext = Dice.some(length)
            #expect(try tink.open(sample.seal(plaintext, to: kems)) == plaintext, "\(length) bytes")
        }
        let large = Dice.some(100_000)
        #expect(try tink.open(sample.seal(large, to: kems, segmentSize: 65_536)) == large)
        // The program does refuse invalid clips, so the results above are meaningful.
        var damaged = try sample.seal(large, to: kems)
        damaged[damaged.count - 20] ^= 1
        #expect(try tink.open(damaged) == nil)
    }

    @Test(
        "what Tink seals, we open",
        arguments: [[.xWing], [.x25519], [.x25519, .xWing]] as [[RecipientKEM]])
    func theirs(_ kems: [RecipientKEM]) async throws {
        defer { try? FileManager.default.removeItem(at: tink.folder) }
        for (length, segmentSize) in [(0, 4096), (1, 4096), (4040, 4096), (4041, 4096), (8120, 4096), (99_999, 16_384)]
        {
            let plaintext = Dice.some(length)
            let (result, opened) = try await sample.open(
                tink.seal(plaintext, segmentSize: segmentSize, to: kems))
            #expect(result.outcome == .complete)
            #expect(opened == plaintext)
        }
    }
}
