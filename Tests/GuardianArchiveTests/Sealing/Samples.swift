import Crypto
import Foundation
import GuardianArchive
import GuardianCore

/// Random numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) } }
}

/// A device, an owner, and clips that the device seals to the owner.
struct Sample {
    let device = Curve25519.Signing.PrivateKey()
    let owner: OwnerKeys
    let secret = OwnerSecret()

    init() throws { owner = try OwnerKeys(secret) }

    var signer: DeviceSigner { DeviceSigner(device) }
    var deviceKey: [UInt8] { signer.publicKey }

    func fields(part: Int = 0, previous: Hash256? = nil, segmentSize: Int = 4096) throws -> ClipFields {
        try ClipFields(
            contentType: "video/mp4", subject: UUID(), camera: "gate", part: part, previous: previous,
            segmentSize: segmentSize)
    }

    func sealer(to kems: [RecipientKEM] = [.xWing], segmentSize: Int = 4096) throws -> ClipSealer {
        try ClipSealer(
            fields(segmentSize: segmentSize), to: kems.map { owner.recipient($0) }, signer: signer)
    }

    /// Seals a whole clip.
    func seal(_ plaintext: [UInt8], to kems: [RecipientKEM] = [.xWing], segmentSize: Int = 4096) throws -> [UInt8] {
        let sealer = try sealer(to: kems, segmentSize: segmentSize)
        return try sealer.opening + sealer.append(plaintext) + sealer.finish()
    }

    func open(_ file: [UInt8], salvaging: Bool = false) async throws -> (result: OpeningResult, plaintext: [UInt8]) {
        try await Self.open(file, with: owner, salvaging: salvaging)
    }

    static func open(
        _ file: [UInt8], with keys: OwnerKeys, salvaging: Bool = false
    ) async throws -> (result: OpeningResult, plaintext: [UInt8]) {
        var plaintext: [UInt8] = []
        let result = try await ClipOpener(keys).open(SealedSource(file), salvaging: salvaging) { plaintext += $0 }
        return (result, plaintext)
    }
}

extension Hash256 {
    static func of(_ bytes: some Sequence<UInt8>) -> Hash256? { Hash256(bytes: SHA256.hash(data: Array(bytes))) }
}
