import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("Damage and forgery")
struct DamageTests {
    let sample: Sample

    init() throws { sample = try Sample() }

    @Test("a flip of any single bit of a small clip is refused", arguments: RecipientKEM.allCases)
    func everyBit(_ kem: RecipientKEM) async throws {
        let file = try sample.seal(Dice.some(100), to: [kem])
        for bit in 0..<file.count * 8 {
            var flipped = file
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            try await expectRefused(flipped, "bit \(bit)")
        }
        #expect(try await sample.open(file).result.outcome == .complete)
    }

    @Test("a flip in any byte of a clip of three segments is refused")
    func everyByte() async throws {
        let file = try sample.seal(Dice.some(9000), to: [.x25519])
        for place in file.indices {
            var flipped = file
            flipped[place] ^= 1 << UInt8(place % 8)
            try await expectRefused(flipped, "byte \(place)")
        }
    }

    @Test("every cut is refused, or reported as interrupted with exactly the whole segments")
    func everyCut() async throws {
        let plaintext = Dice.some(9000)
        let file = try sample.seal(plaintext, to: [.x25519])
        let body = try SealedPrefix(parsing: file).bodyOffset
        let borders = [body + 40: 0, body + 4096: 4040, body + 8192: 8120]
        for length in 0..<file.count {
            let (result, opened) = try await sample.open(Array(file[..<length]))
            if let whole = borders[length] {
                #expect(result.outcome == .interrupted, "cut to \(length)")
                #expect(opened == Array(plaintext[..<whole]))
            } else {
                guard case .refused = result.outcome else {
                    Issue.record("cut to \(length): \(result)")
                    continue
                }
                #expect(opened.count <= 8120)
            }
            // Salvaging returns the whole segments of every file that was cut after the beginning of the body.
            guard length >= body + 40 else { continue }
            let salvaged = try await sample.open(Array(file[..<length]), salvaging: true)
            let whole = borders.filter { $0.key <= length }.max { $0.key < $1.key }
            #expect(salvaged.result.outcome == .interrupted)
            #expect(salvaged.plaintext.count == whole?.value)
            #expect(salvaged.result.tornBytes == whole.map { Int64(length - $0.key) })
        }
    }

    @Test("segments that are swapped, left out, or repeated are refused")
    func shuffled() async throws {
        let file = try sample.seal(Dice.some(4040 + 3 * 4080 + 5))
        let body = try SealedPrefix(parsing: file).bodyOffset
        func segment(_ index: Int) -> ArraySlice<UInt8> {
            file[body + max(40, index * 4096)..<min(body + (index + 1) * 4096, file.count)]
        }
        let start = Array(file[..<(body + 40)])
        for order in [
            [0, 2, 1, 3, 4], [0, 1, 2, 4], [0, 1, 3, 4], [1, 2, 3, 4], [0, 1, 1, 2, 3, 4], [0, 1, 2, 3, 4, 4],
        ] {
            try await expectRefused(start + order.flatMap { segment($0) }, "\(order)")
        }
        #expect(try await sample.open(start + (0...4).flatMap { segment($0) }).result.outcome == .complete)
        #expect(try await sample.open(start + (0...3).flatMap { segment($0) }).result.outcome == .interrupted)
    }

    @Test("another clip's body, header or recipients are refused, although owner and device are the same")
    func exchanged() async throws {
        let (first, second) = (try sample.seal(Dice.some(5000)), try sample.seal(Dice.some(5001)))
        let (one, two) = (try SealedPrefix(parsing: first), try SealedPrefix(parsing: second))
        let refusal = try await sample.open(one.bytes + second[two.bodyOffset...]).result.outcome
        #expect(refusal == .refused(.segment(0)))
        let signed = one.recipientsRange.lowerBound
        let header = try await sample.open(Array(first[..<signed] + second[two.recipientsRange.lowerBound...]))
        #expect(header.result.outcome == .refused(.damagedKey))
    }

    @Test("a clip key that another person chose does not open under a genuine header")
    func forgedKey() async throws {
        // A node that knows a recipient can seal its own key and body to it, but cannot sign a header for them.
        let genuine = try SealedPrefix(parsing: sample.seal(Dice.some(5000), to: [.x25519]))
        let key = SymmetricKey(size: .bits256)
        let info = Data("guardian/sealed-clip/v1".utf8) + genuine.bind.bytes
        var sender = try HPKE.Sender(
            recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: sample.owner.x25519.publicKey),
            ciphersuite: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256),
            info: info)
        let sealed = try key.withUnsafeBytes { try sender.seal(Data($0)) }
        let json = Data(
            #"[{"kem":"X25519","keyId":"\#(sample.owner.x25519.keyID.text)","enc":"\#(base64url(sender.encapsulatedKey))","key":"\#(base64url(sealed))"}]"#
                .utf8)
        var file = Array(genuine.bytes[..<genuine.recipientsRange.lowerBound])
        file += withUnsafeBytes(of: UInt32(json.count).bigEndian) { Array($0) } + json
        let macKey = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("guardian/recipients/v1".utf8), outputByteCount: 32)
        file += HMAC<SHA256>.authenticationCode(for: file, using: macKey)
        file += [40] + [UInt8](repeating: 0, count: 39)
        #expect(try await sample.open(file).result.outcome == .refused(.damagedKey))
    }

    @Test("a flipped key id alone shows damage, not a wrong code")
    func keyID() async throws {
        let file = try sample.seal([1, 2, 3])
        let prefix = try SealedPrefix(parsing: file)
        let id = Array(prefix.recipients[0].keyID.text.utf8)
        let place = try #require(file.indices.first { file[$0...].starts(with: id) })
        var flipped = file
        flipped[place] = flipped[place] == 0x41 ? 0x42 : 0x41
        #expect(try await sample.open(flipped).result.outcome == .refused(.damagedKey))
        #expect(try await Sample.open(flipped, with: OwnerKeys(OwnerSecret())).result.outcome == .refused(.wrongCode))
    }

    @Test("an opener that knows device, clip or part refuses another")
    func expectation() async throws {
        let sealer = try sample.sealer()
        let file = try sealer.opening + sealer.finish()
        func outcome(_ expectation: ClipOpener.Expectation) async throws -> OpeningOutcome {
            try await ClipOpener(sample.owner, expecting: expectation).open(SealedSource(file)) { _ in }.outcome
        }
        let subject = sealer.header.subject
        #expect(try await outcome(.init(deviceKey: sample.deviceKey, subject: subject, part: 0)) == .complete)
        #expect(try await outcome(.init(deviceKey: Sample().deviceKey)) == .refused(.otherDevice))
        #expect(try await outcome(.init(subject: UUID())) == .refused(.otherClip))
        #expect(try await outcome(.init(part: 1)) == .refused(.otherClip))
    }

    private func expectRefused(_ file: [UInt8], _ what: String) async throws {
        guard case .refused = try await sample.open(file).result.outcome else {
            Issue.record("\(what) was not refused")
            return
        }
    }

    private func base64url(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
