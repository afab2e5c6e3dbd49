import Crypto
import GuardianArchive
import GuardianCore
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    let sample: Sample
    let sealer: ClipSealer
    let time = Timestamp(milliseconds: 1_795_000_000_123)

    init() throws {
        sample = try Sample()
        sealer = try sample.sealer()
    }

    @Test("one is signed over exactly the bytes of the format")
    func signed() throws {
        let plaintext = Dice.some(4040)
        _ = try sealer.append(plaintext)
        let checkpoint = try sealer.checkpoint(at: time)
        var message = Array("guardian/checkpoint/v1".utf8) + [0] + sealer.prefix.bind.bytes
        message += [0, 0, 0, 0, 0, 0, 0x0F, 0xC8]
        message += withUnsafeBytes(of: UInt64(1_795_000_000_123).bigEndian) { Array($0) }
        message += SHA256.hash(data: plaintext)
        #expect(sample.device.publicKey.isValidSignature(checkpoint.signature, for: message))
        #expect(checkpoint.bytes.count == Checkpoint.size)
        #expect(try Checkpoint(bytes: checkpoint.bytes) == checkpoint)
        #expect(checkpoint.isSigned(by: sample.deviceKey))
        #expect(!checkpoint.isSigned(by: try Sample().deviceKey))
    }

    @Test("none exists inside a segment; at the end there is one wherever the clip ends")
    func place() throws {
        #expect(try sealer.checkpoint(at: time).plaintextLength == 0)
        _ = try sealer.append([1, 2, 3])
        #expect(throws: GuardianError.self) { try sealer.checkpoint(at: time) }
        _ = try sealer.finish()
        #expect(try sealer.checkpoint(at: time).plaintextLength == 3)
    }

    @Test("a flip of any bit is detected")
    func flips() throws {
        _ = try sealer.append(Dice.some(8120))
        let bytes = try sealer.checkpoint(at: time).bytes
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let isAccepted = (try? Checkpoint(bytes: flipped))?.isSigned(by: sample.deviceKey) ?? false
            #expect(!isAccepted, "bit \(bit)")
        }
        #expect(throws: GuardianError.self) { try Checkpoint(bytes: bytes.dropLast()) }
        #expect(throws: GuardianError.self) { try Checkpoint(bytes: bytes + [0]) }
    }
}
