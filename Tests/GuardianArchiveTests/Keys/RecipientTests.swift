import GuardianArchive
import GuardianCore
import Testing

@Suite("Recipients")
struct RecipientTests {
    @Test("a written line is parsed to the same recipient", arguments: RecipientKEM.allCases)
    func roundTrip(_ kem: RecipientKEM) throws {
        let recipient = try OwnerKeys(OwnerSecret()).recipient(kem)
        #expect(recipient.publicKey.count == kem.publicKeySize)
        #expect(try Recipient(text: recipient.text) == recipient)
        #expect(try Recipient(text: "  \(recipient.text)\n") == recipient)
        #expect(!recipient.text.contains { $0.isWhitespace })
    }

    @Test("a line with any character changed or left out is refused", arguments: RecipientKEM.allCases)
    func mistyped(_ kem: RecipientKEM) throws {
        let text = Array(try OwnerKeys(OwnerSecret()).recipient(kem).text)
        for place in text.indices {
            var changed = text
            changed[place] = text[place] == "A" ? "B" : "A"
            #expect(throws: GuardianError.self) { try Recipient(text: String(changed)) }
            changed.remove(at: place)
            #expect(throws: GuardianError.self) { try Recipient(text: String(changed)) }
        }
    }

    @Test("a public key that nothing can be sealed to is refused")
    func unusable() {
        #expect(throws: GuardianError.self) { try Recipient(kem: .x25519, publicKey: Array(repeating: 0, count: 32)) }
        #expect(throws: GuardianError.self) {
            try Recipient(kem: .xWing, publicKey: Array(repeating: 255, count: 1216))
        }
        #expect(throws: GuardianError.self) { try Recipient(kem: .xWing, publicKey: [1, 2, 3]) }
    }

    @Test("the two keys of an owner have ids of their own")
    func ids() throws {
        let keys = try OwnerKeys(OwnerSecret())
        #expect(keys.xWing.keyID != keys.x25519.keyID)
        #expect(RecipientKeyID(keys.xWing.keyID.text) == keys.xWing.keyID)
        #expect(keys.xWing.keyID.text.count == 11)
    }
}
