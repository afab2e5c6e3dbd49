import GuardianArchive
import GuardianCore
import Testing

@Suite("What is proven of a clip")
struct ProofTests {
    let sample: Sample
    let file: [UInt8]
    let record: SealedRecord
    /// A checkpoint after 8,120 of the clip's 10,000 bytes.
    let checkpoint: Checkpoint

    init() throws {
        sample = try Sample()
        let sealer = try sample.sealer()
        let plaintext = Dice.some(10_000)
        var file = try sealer.opening + sealer.append(plaintext[..<8120])
        checkpoint = try sealer.checkpoint(at: Timestamp(milliseconds: 1_795_000_000_000))
        file += try sealer.append(plaintext[8120...]) + sealer.finish()
        self.file = file
        record = sealer.record
    }

    private func verify(_ file: [UInt8], _ change: (inout ClipVerifier) throws -> Void = { _ in }) async throws
        -> ClipProof
    {
        var verifier = ClipVerifier(
            record: record, checkpoint: checkpoint, deviceKey: sample.deviceKey, keys: sample.owner)
        try change(&verifier)
        return try await verifier.verify(SealedSource(file))
    }

    @Test("a clip that agrees with everything is proven to its end")
    func whole() async throws {
        let proof = try await verify(file)
        #expect(proof.holds)
        #expect(proof.statements.allSatisfy { $0.status == .proven }, "\(proof.statements)")
        #expect(proof.provenLength == 10_000)
    }

    @Test("without the code the journal's record still proves every byte")
    func withoutKeys() async throws {
        let proof = try await verify(file) { $0.keys = nil }
        #expect(proof.holds)
        #expect(proof.provenLength == 10_000)
        #expect(proof.statements.contains { $0.status == .open })
    }

    @Test("an interrupted clip is proven up to its checkpoint")
    func interrupted() async throws {
        let body = try SealedPrefix(parsing: file).bodyOffset
        let cut = Array(file[..<(body + 2 * 4096)])
        let proof = try await verify(cut) { $0.record = nil }
        #expect(proof.holds)
        #expect(proof.provenLength == 8120)
        let shorter = try await verify(Array(file[..<(body + 4096)])) { $0.record = nil }
        #expect(!shorter.holds)
        #expect(shorter.provenLength == 0)
    }

    @Test("a clip that should be complete and is cut is refused, with or without the code", arguments: [true, false])
    func cut(_ withKeys: Bool) async throws {
        let body = try SealedPrefix(parsing: file).bodyOffset
        let proof = try await verify(Array(file[..<(body + 2 * 4096)])) { if !withKeys { $0.keys = nil } }
        #expect(!proof.holds)
        #expect(proof.statements.contains { $0.sentence.contains("is cut") })
    }

    @Test("a body of the right length whose hash is not the journal's is distinguished from the device's")
    func rewritten() async throws {
        // Anyone who can open the clip can write another body that opens. Here the journal's hash shows the difference.
        let proof = try await verify(file) { $0.record?.lastingHash = checkpoint.plaintextHash }
        #expect(!proof.holds)
        #expect(proof.statements.contains { $0.status == .refuted && $0.sentence.contains("was changed") })
        #expect(proof.provenLength == 8120)
    }

    @Test("another device, another file's record and a forged checkpoint are refused")
    func foreign() async throws {
        #expect(try await !verify(file) { $0.deviceKey = try Sample().deviceKey }.holds)
        let other = try sample.sealer()
        _ = try other.finish()
        #expect(try await !verify(file) { $0.record = other.record }.holds)
        let foreign = try other.checkpoint(at: Timestamp(milliseconds: 0))
        #expect(try await !verify(file) { $0.checkpoint = foreign }.holds)
        let forged = try Checkpoint(bytes: checkpoint.bytes.dropLast() + [checkpoint.bytes[143] ^ 1])
        #expect(try await !verify(file) { $0.checkpoint = forged }.holds)
        #expect(try await !verify(Array(file.dropFirst())).holds)
    }

    @Test("without a record or checkpoint, nothing is proven and nothing is refuted")
    func nothing() async throws {
        let proof = try await ClipVerifier().verify(SealedSource(file))
        #expect(proof.holds)
        #expect(proof.provenLength == 0)
        #expect(proof.statements.allSatisfy { $0.status == .open })
    }
}
