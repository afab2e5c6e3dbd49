import Crypto
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Synchronization
import Testing

@Suite("Codes of an authenticator app")
struct TimeCodeTests {
    /// RFC 6238, appendix B.
    private let code = TimeCode(key: Array("12345678901234567890".utf8))

    @Test(
        "are those of RFC 6238",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func vectors(seconds: Int64, expected: String) {
        let step = TimeCode.step(at: Timestamp(milliseconds: seconds * 1000))
        #expect(code.code(step: step, digits: 8) == expected)
        #expect(code.code(step: step) == String(expected.suffix(6)))
    }

    /// RFC 4226, appendix D.
    @Test("are those of RFC 4226")
    func counters() {
        let expected = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ]
        #expect((0..<10).map { code.code(step: $0) } == expected)
    }

    @Test("are good one step before and after, and once")
    func window() {
        let now = Timestamp(milliseconds: 1_111_111_109_000)
        let step = TimeCode.step(at: now)
        for offset in -3...3 as ClosedRange<Int64> {
            let text = code.code(step: step + offset)
            #expect(code.step(of: text, at: now, after: -1) == (abs(offset) <= 1 ? step + offset : nil))
            #expect(code.step(of: text, at: now, after: step + offset) == nil, "used already")
        }
        for wrong in ["", "08180", "0818044", "08180a", "०८१८०४"] {
            #expect(code.step(of: wrong, at: now, after: -1) == nil)
        }
        #expect(code.step(of: code.code(step: 0), at: Timestamp(milliseconds: 0), after: -1) == 0)
    }

    @Test("are taken for no other six digits")
    func guesses() {
        let now = Timestamp(milliseconds: 1_111_111_109_000)
        let step = TimeCode.step(at: now)
        let right = Set((step - 1...step + 1).map { code.code(step: $0) })
        var input = HostileInput(seed: 17)
        for _ in 0..<HostileInput.count(20_000) {
            let digits = String(String(1_000_000 + Int.random(in: 0..<1_000_000, using: &input)).dropFirst())
            #expect((code.step(of: digits, at: now, after: -1) != nil) == right.contains(digits))
        }
    }

    @Test("come with a link for QR codes")
    func link() {
        #expect(
            code.link(issuer: "Guardian", account: "Ada & Eve?")
                == "otpauth://totp/Guardian:Ada%20%26%20Eve%3F?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Guardian&algorithm=SHA1&digits=6&period=30")
    }

    /// RFC 4648, 10.
    @Test(
        "have keys in Base32",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ])
    func base32(text: String, expected: String) { #expect(Base32.encode(Array(text.utf8)) == expected) }
}

@Suite("Recovery codes")
struct RecoveryCodeTests {
    @Test("are ten different ones, and read in any case, with or without hyphens, 0, 1 and 8 as O, I and B")
    func forms() throws {
        let codes = RecoveryCodes.make(.system)
        #expect(codes.count == 10 && Set(codes).count == 10)
        let code = try #require(RecoveryCodes.make(Randomness { Array(repeating: 0x39, count: $0) }).first)
        let text = code.reveal()
        #expect(text.wholeMatch(of: #/[A-Z2-7]{4}(-[A-Z2-7]{4}){5}/#) != nil)
        let digest = try #require(RecoveryCodes.digest(code))
        let mistyped = text.lowercased().replacing("-", with: " ").replacing("o", with: "0").replacing("i", with: "1")
            .replacing("b", with: "8")
        #expect(RecoveryCodes.digest(Secret(mistyped)) == digest)
        for wrong in ["", "123456", text + "A", String(text.dropLast()), "ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ"] {
            #expect(RecoveryCodes.digest(Secret(wrong)) == nil)
        }
    }

    @Test("have 120 random bits, more than the 112 that a digest without salt needs, and none of them is lost")
    func bits() throws {
        let sizes = Mutex<[Int]>([])
        let first = RecoveryCodes.make(
            Randomness { size in
                sizes.withLock { $0.append(size) }
                return Array(repeating: 0xFF, count: size)
            })
        #expect(sizes.withLock { $0 } == Array(repeating: 15, count: 10))
        for place in 0..<15 {
            let changed = RecoveryCodes.make(
                Randomness { size in (0..<size).map { $0 == place ? 0xFE : 0xFF } })
            #expect(changed.first != first.first)
        }
    }

    /// SHA-256 of the text without its hyphens, as all versions have stored it.
    @Test("of 80 bits, which were made before, are still read")
    func before() throws {
        let digest = try #require(RecoveryCodes.digest(Secret("MZXW-6YTB-OI23-4567")))
        #expect(digest == Hash256(digest: SHA256.hash(data: Array("MZXW6YTBOI234567".utf8))))
    }
}

@Suite("A token's text")
struct TokenTextTests {
    @Test("has a checksum: no changed text is taken for one")
    func checksum() {
        var input = HostileInput(seed: 5)
        let secret = TokenText.make(.system)
        #expect(TokenText.isWellFormed(secret))
        #expect(secret.reveal().wholeMatch(of: #/gdn_[0-9A-Za-z]{49}/#) != nil)
        for _ in 0..<HostileInput.count(2_000) {
            let text = String(decoding: input.changed(Array(secret.reveal().utf8)), as: UTF8.self)
            #expect(text == secret.reveal() || !TokenText.isWellFormed(Secret(text)))
        }
        #expect(TokenText.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test("has all 256 bits")
    func bits() {
        let all = TokenText.make(Randomness { Array(repeating: 0xFF, count: $0) }).reveal()
        let almost = TokenText.make(Randomness { [0x7F] + Array(repeating: 0xFF, count: $0 - 1) }).reveal()
        #expect(all != almost)
        #expect(Base62.encode([0], digits: 2) == "00" && Base62.encode([61], digits: 2) == "0z")
        #expect(Base62.encode([0, 62], digits: 2) == "10")
    }
}
