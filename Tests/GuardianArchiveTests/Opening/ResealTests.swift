import GuardianArchive
import GuardianCore
import Testing

@Suite("Recipients that change later")
struct ResealTests {
    let sample: Sample

    init() throws { sample = try Sample() }

    @Test("an added recipient opens the clip, and so do the earlier ones")
    func add() async throws {
        let plaintext = Dice.some(300_000)
        let file = try sample.seal(plaintext)
        let lawyer = try OwnerKeys(OwnerSecret())
        let clip = try await ClipOpener(sample.owner).open(SealedSource(file))
        var resealed: [UInt8] = []
        try await clip.reseal(adding: [lawyer.xWing, lawyer.x25519]) { resealed += $0 }
        for keys in [sample.owner, lawyer] {
            let (result, opened) = try await Sample.open(resealed, with: keys)
            #expect(result.outcome == .complete)
            #expect(opened == plaintext)
        }
        let (before, after) = (try SealedPrefix(parsing: file), try SealedPrefix(parsing: resealed))
        #expect(before.bind == after.bind)
        #expect(file[before.bodyOffset...].elementsEqual(resealed[after.bodyOffset...]))
        #expect(before.isPostQuantum && !after.isPostQuantum)
    }

    @Test("the journal's record and checkpoints hold afterwards")
    func lasting() async throws {
        let sealer = try sample.sealer()
        var file = try sealer.opening + sealer.append(Dice.some(8120))
        let checkpoint = try sealer.checkpoint(at: Timestamp(milliseconds: 5))
        file += try sealer.finish()
        let clip = try await ClipOpener(sample.owner).open(SealedSource(file))
        var resealed: [UInt8] = []
        try await clip.reseal(adding: [OwnerKeys(OwnerSecret()).x25519]) { resealed += $0 }
        #expect(resealed.count != file.count)
        let verifier = ClipVerifier(
            record: sealer.record, checkpoint: checkpoint, deviceKey: sample.deviceKey, keys: sample.owner)
        let proof = try await verifier.verify(SealedSource(resealed))
        #expect(proof.statements.allSatisfy { $0.status == .proven }, "\(proof.statements)")
        #expect(proof.provenLength == 8120)
    }

    @Test("a removed recipient is no longer named, and at least one must remain")
    func drop() async throws {
        let lawyer = try OwnerKeys(OwnerSecret())
        let sealer = try ClipSealer(
            sample.fields(), to: [sample.owner.xWing, lawyer.xWing], signer: sample.signer)
        let file = try sealer.opening + sealer.finish()
        let clip = try await ClipOpener(sample.owner).open(SealedSource(file))
        var resealed: [UInt8] = []
        try await clip.reseal(adding: [], dropping: [lawyer.xWing.keyID]) { resealed += $0 }
        #expect(try await Sample.open(resealed, with: lawyer).result.outcome == .refused(.wrongCode))
        #expect(try await Sample.open(resealed, with: sample.owner).result.outcome == .complete)
        #expect(throws: GuardianError.self) {
            try clip.resealed(adding: [], dropping: [sample.owner.xWing.keyID, lawyer.xWing.keyID])
        }
        #expect(throws: GuardianError.self) { try clip.resealed(adding: [lawyer.xWing]) }
    }
}
