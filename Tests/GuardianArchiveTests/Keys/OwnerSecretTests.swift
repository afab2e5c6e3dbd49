import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("The owner's secret and its recovery code")
struct OwnerSecretTests {
    let vectors: SealedClipVectors

    init() throws { vectors = try SealedClipVectors.load() }

    @Test("a code is parsed to its secret, and the secret is written as the same code")
    func known() throws {
        for (hex, code) in [(vectors.owner, vectors.ownerCode), (vectors.other, vectors.otherCode)] {
            let bytes = try #require(Hash256(hex: hex)).bytes
            #expect(try OwnerSecret(recoveryCode: code) == OwnerSecret(bytes: bytes))
            #expect(try #require(OwnerSecret(bytes: bytes)).recoveryCode.reveal() == code)
        }
    }

    @Test("the public keys are those that other libraries derive")
    func publicKeys() throws {
        let keys = try vectors.keys(of: "owner")
        #expect(keys.xWing.text.hasSuffix(":" + vectors.ownerXWingPublic))
        #expect(keys.x25519.text.hasSuffix(":" + vectors.ownerX25519Public))
    }

    @Test("new secrets differ and come back through their codes")
    func roundTrip() throws {
        var seen: Set<String> = []
        for _ in 0..<200 {
            let secret = OwnerSecret()
            let code = secret.recoveryCode.reveal()
            #expect(code.split(separator: "-").map(\.count) == Array(repeating: 4, count: 14))
            #expect(try OwnerSecret(recoveryCode: code) == secret)
            #expect(seen.insert(code).inserted)
        }
    }

    @Test("case, hyphens, spaces and look-alike letters do not matter")
    func forgiving() throws {
        let secret = try OwnerSecret(recoveryCode: vectors.ownerCode)
        let code = vectors.ownerCode
        let typed = [
            code.lowercased(), code.replacing("-", with: ""), code.replacing("-", with: " "), "  \(code)\r\n",
            code.replacing("-", with: "\n"), code.replacing("-", with: "\u{2013}"), code.replacing("0", with: "O"),
            code.replacing("0", with: "o"), code.replacing("1", with: "I"), code.replacing("1", with: "l"),
        ]
        for text in typed { #expect(try OwnerSecret(recoveryCode: text) == secret) }
    }

    @Test("every change of one character is detected as mistyped")
    func mistyped() throws {
        let code = Array(vectors.ownerCode)
        for place in code.indices where code[place] != "-" {
            for digit in "0123456789ABCDEFGHJKMNPQRSTVWXYZU*" where digit != code[place] {
                var typed = code
                typed[place] = digit
                let error = #expect(throws: GuardianError.self) { try OwnerSecret(recoveryCode: String(typed)) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message.contains("mistyped") == true)
            }
        }
    }

    @Test(
        "a code that lacks or repeats characters is mistyped",
        arguments: ["", "-", "T8PA", "é", "T8PA-SWR0-1EPC-QCFW-4FG9-PXVX-Y4MW-4W3C-RVB9-2FRK-SJWG-15CF-W87F-AZB"])
    func length(_ code: String) {
        let error = #expect(throws: GuardianError.self) { try OwnerSecret(recoveryCode: code) }
        #expect(error?.code == .invalidArgument)
        #expect(throws: GuardianError.self) { try OwnerSecret(recoveryCode: vectors.ownerCode + "0") }
    }

    @Test("secrets and private keys print as three dots")
    func printing() throws {
        let secret = try OwnerSecret(recoveryCode: vectors.ownerCode)
        for text in ["\(secret)", String(reflecting: secret), "\(try OwnerKeys(secret))", "\(secret.recoveryCode)"] {
            #expect(text == "…")
        }
        var dumped = ""
        dump((secret, try OwnerKeys(secret)), to: &dumped)
        #expect(!dumped.contains("SymmetricKey") && !dumped.contains("seed"))
    }

    @Test("only 32 bytes are a secret")
    func size() {
        for count in [0, 31, 33, 64] { #expect(OwnerSecret(bytes: [UInt8](repeating: 7, count: count)) == nil) }
    }
}
