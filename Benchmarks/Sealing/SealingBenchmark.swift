import Foundation
import GuardianArchive
import GuardianCore

/// `sealing-benchmark [MEGABYTES] [FOLDER]` seals a clip of that size to a file, opens it again, and prints a JSON
/// line: megabytes a second of sealing, of opening, and of AES-GCM alone, on one core.
@main
struct SealingBenchmark {
    struct Figures: Encodable {
        var megabytes: Int
        /// Sealing with both hashes, without the write, which waits for a disk.
        var seal: Double
        /// Opening, including its hash and the read.
        var open: Double
        /// The sealer's cipher alone, in segments of 4,080 bytes.
        var cipher: Double
    }

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let megabytes = arguments.first.flatMap { Int($0) } ?? 1024
        let path = (arguments.dropFirst().first ?? NSTemporaryDirectory()) + "/sealing-benchmark.grdn"
        defer { unlink(path) }
        let owner = try OwnerKeys(OwnerSecret())
        let piece = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }

        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw GuardianError(.failedPrecondition, "\(path) cannot be written; name another folder.")
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        let fields = try ClipFields(contentType: "video/mp4", subject: UUID(), camera: "bench")
        let clock = ContinuousClock()
        var sealing = Duration.zero
        let sealer = try ClipSealer(fields, to: [owner.xWing], signer: DeviceSigner(.init()))
        try file.write(contentsOf: sealer.opening)
        for _ in 0..<megabytes {
            let start = clock.now
            let sealed = try sealer.append(piece)
            sealing += start.duration(to: clock.now)
            try file.write(contentsOf: sealed)
        }
        try file.write(contentsOf: sealer.finish())
        try file.close()

        var length = 0
        let start = clock.now
        let result = try await ClipOpener(owner).open(.file(path)) { length += $0.count }
        let opening = start.duration(to: clock.now)
        guard result.outcome == .complete, length == megabytes * piece.count else {
            throw GuardianError(.internal, "The clip did not come back whole: \(result.sentence)")
        }
        let figures = Figures(
            megabytes: megabytes, seal: rate(megabytes, sealing), open: rate(megabytes, opening),
            cipher: try cipher(piece))
        FileHandle.standardOutput.write(try JSONEncoder().encode(figures) + Data("\n".utf8))
    }

    private static func cipher(_ piece: [UInt8]) throws -> Double {
        let cipher = try SealingCipher()
        let rounds = 100_000
        var sealed: [UInt8] = []
        sealed.reserveCapacity(4096)
        let took = try ContinuousClock().measure {
            for round in 0..<rounds {
                sealed.removeAll(keepingCapacity: true)
                try piece.withUnsafeBytes {
                    try cipher.seal(
                        UnsafeRawBufferPointer(rebasing: $0[..<4080]), segment: UInt32(round), isLast: false,
                        into: &sealed)
                }
            }
        }
        return Double(rounds * 4080) / 1e6 / seconds(took)
    }

    private static func rate(_ megabytes: Int, _ duration: Duration) -> Double { Double(megabytes) / seconds(duration) }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
