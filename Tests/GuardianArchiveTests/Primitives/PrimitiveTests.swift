import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

/// A file of known answers; `source` names their origin.
struct KnownAnswers<Answer: Decodable>: Decodable {
    var tests: [Answer]

    static func load(_ name: String) throws -> [Answer] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/primitives")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: folder.appending(path: name))).tests
    }
}

/// Bytes that the file has in hexadecimal.
struct Hex: Decodable {
    var bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = Array(try decoder.singleValueContainer().decode(String.self).utf8)
        bytes = try stride(from: 0, to: text.count, by: 2).map { place in
            guard place + 1 < text.count,
                let byte = UInt8(String(decoding: text[place...place + 1], as: UTF8.self), radix: 16)
            else { throw GuardianError(.invalidArgument, "This is no hexadecimal.") }
            return byte
        }
    }
}

@Suite("The cryptography under sealed clips gives the known answers")
struct PrimitiveTests {
    @Test("X-Wing: draft-connolly-cfrg-xwing-kem")
    func xWing() throws {
        struct Answer: Decodable { var seed, publicKey, encapsulation, sharedSecret: Hex }
        let answers = try KnownAnswers<Answer>.load("x-wing.json")
        #expect(answers.count == 3)
        for answer in answers {
            let key = try XWingMLKEM768X25519.PrivateKey(seedRepresentation: answer.seed.bytes, publicKey: nil)
            let secret = try key.decapsulate(Data(answer.encapsulation.bytes))
            #expect(secret == SymmetricKey(data: answer.sharedSecret.bytes))
            let owner = try OwnerKeys(try #require(OwnerSecret(bytes: answer.seed.bytes)))
            #expect(owner.xWing.publicKey == answer.publicKey.bytes)
        }
    }

    @Test("HPKE: RFC 9180 with X25519, and its sequel with X-Wing")
    func hpke() throws {
        struct Message: Decodable { var aad, plaintext, ciphertext: Hex }
        struct Answer: Decodable {
            var kem, aead: Int
            var info, privateKey, publicKey, encapsulation: Hex
            var messages: [Message]
        }
        let answers = try KnownAnswers<Answer>.load("hpke.json")
        #expect(answers.map(\.kem) == [0x20, 0x647A])
        for answer in answers {
            let aead: HPKE.AEAD = answer.aead == 2 ? .AES_GCM_256 : .chaChaPoly
            let (info, enc) = (Data(answer.info.bytes), Data(answer.encapsulation.bytes))
            var recipient =
                if answer.kem == 0x20 {
                    try HPKE.Recipient(
                        privateKey: Curve25519.KeyAgreement.PrivateKey(rawRepresentation: answer.privateKey.bytes),
                        ciphersuite: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: aead),
                        info: info, encapsulatedKey: enc)
                } else {
                    try HPKE.Recipient(
                        privateKey: XWingMLKEM768X25519.PrivateKey(
                            seedRepresentation: answer.privateKey.bytes, publicKey: nil),
                        ciphersuite: HPKE.Ciphersuite(kem: .XWingMLKEM768X25519, kdf: .HKDF_SHA256, aead: aead),
                        info: info, encapsulatedKey: enc)
                }
            #expect(answer.messages.count == 8)
            for message in answer.messages {
                let opened = try recipient.open(message.ciphertext.bytes, authenticating: message.aad.bytes)
                #expect(Array(opened) == message.plaintext.bytes)
            }
        }
    }

    @Test("X25519: Wycheproof; and no key with which every secret is zero becomes a recipient")
    func x25519() throws {
        struct Answer: Decodable {
            var id: Int
            var `public`, `private`, shared: Hex
            var isZero: Bool
        }
        let answers = try KnownAnswers<Answer>.load("x25519.json")
        #expect(answers.count > 100)
        for answer in answers {
            let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: answer.public.bytes)
            let secret = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: answer.private.bytes)
                .sharedSecretFromKeyAgreement(with: key)
            #expect(secret.withUnsafeBytes { Array($0) } == answer.shared.bytes, "test \(answer.id)")
            let recipient = try? Recipient(kem: .x25519, publicKey: answer.public.bytes)
            #expect((recipient == nil) == answer.isZero, "test \(answer.id)")
        }
    }

    @Test("AES-256-GCM: Wycheproof")
    func gcm() throws {
        struct Answer: Decodable {
            var id: Int
            var key, nonce, aad, plaintext, ciphertext, tag: Hex
            var isValid: Bool
        }
        let answers = try KnownAnswers<Answer>.load("aes-256-gcm.json")
        #expect(answers.count == 66)
        for answer in answers {
            let key = SymmetricKey(data: answer.key.bytes)
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: answer.nonce.bytes), ciphertext: answer.ciphertext.bytes,
                tag: answer.tag.bytes)
            let opened = try? AES.GCM.open(box, using: key, authenticating: answer.aad.bytes)
            #expect(opened.map { Array($0) } == (answer.isValid ? answer.plaintext.bytes : nil), "test \(answer.id)")
            guard answer.isValid else { continue }
            let sealed = try AES.GCM.seal(
                answer.plaintext.bytes, using: key, nonce: box.nonce, authenticating: answer.aad.bytes)
            #expect(Array(sealed.ciphertext + sealed.tag) == answer.ciphertext.bytes + answer.tag.bytes)
        }
    }

    @Test("Ed25519: Wycheproof")
    func ed25519() throws {
        struct Answer: Decodable {
            var id: Int
            var key, message, signature: Hex
            var isValid: Bool
        }
        let answers = try KnownAnswers<Answer>.load("ed25519.json")
        #expect(answers.count == 150)
        for answer in answers {
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: answer.key.bytes)
            #expect(
                key.isValidSignature(answer.signature.bytes, for: answer.message.bytes) == answer.isValid,
                "test \(answer.id)")
        }
    }

    @Test("HKDF-SHA256: RFC 5869")
    func hkdf() throws {
        struct Answer: Decodable {
            var key, salt, info, output: Hex
            var length: Int
        }
        let answers = try KnownAnswers<Answer>.load("hkdf-sha256.json")
        #expect(answers.count == 3)
        for answer in answers {
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: answer.key.bytes), salt: answer.salt.bytes,
                info: answer.info.bytes, outputByteCount: answer.length)
            #expect(key.withUnsafeBytes { Array($0) } == answer.output.bytes)
        }
    }
}
