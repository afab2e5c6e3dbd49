import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("CBOR of authenticators")
struct CBORReaderTests {
    private func value(_ bytes: [UInt8]) throws -> CBORValue { try CBORReader.value(of: bytes[...]) }

    @Test("reads the examples of RFC 8949, appendix A")
    func examples() throws {
        #expect(try value([0x00]) == .unsigned(0))
        #expect(try value([0x17]) == .unsigned(23))
        #expect(try value([0x18, 0x18]) == .unsigned(24))
        #expect(try value([0x19, 0x03, 0xE8]) == .unsigned(1000))
        #expect(try value([0x1A, 0x00, 0x0F, 0x42, 0x40]) == .unsigned(1_000_000))
        #expect(try value([0x1B] + [UInt8](repeating: 0xFF, count: 8)) == .unsigned(.max))
        #expect(try value([0x1B] + [UInt8](repeating: 0xFF, count: 8)).integer == nil)
        #expect(try value([0x20]).integer == -1)
        #expect(try value([0x38, 0x63]).integer == -100)
        #expect(try value([0x3B, 0x7F] + [UInt8](repeating: 0xFF, count: 7)).integer == .min)
        #expect(try value([0x44, 1, 2, 3, 4]) == .bytes([1, 2, 3, 4]))
        #expect(try value([0x62, 0xC3, 0xBC]) == .text("ü"))
        #expect(try value([0x82, 0xF4, 0xF5]) == .array([.bool(false), .bool(true)]))
        let map = try value([0xA2, 0x01, 0x02, 0x61, 0x61, 0xF6])
        #expect(map.pairs?[label: 1] == .unsigned(2) && map.pairs?["a"] == .null && map.pairs?["b"] == nil)
    }

    @Test(
        "refuses what authenticators must not write",
        arguments: [
            ([], .truncated), ([0x18], .truncated), ([0x42, 1], .truncated), ([0x82, 1], .truncated),
            ([0xA1, 1], .truncated), ([0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
            ([0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .truncated),
            ([0x00, 0x00], .trailing), ([0x18, 0x17], .notShortest), ([0x19, 0x00, 0xFF], .notShortest),
            ([0x1A, 0x00, 0x00, 0xFF, 0xFF], .notShortest), ([0x1B, 0, 0, 0, 0, 1, 1, 1, 1], .notShortest),
            ([0x1C], .unsupported), ([0x5F, 0xFF], .unsupported), ([0x9F, 0xFF], .unsupported),
            ([0xC0, 0x00], .unsupported), ([0xF9, 0x3C, 0x00], .unsupported), ([0xF7], .unsupported),
            ([0xFF], .unsupported), ([0x62, 0xFF, 0xFE], .notText), ([0xA2, 1, 1, 1, 2], .duplicateKey),
            ([0xA1, 0x40, 1], .badKey), ([0xA1, 0x80, 1], .badKey), ([0x81, 0x81, 0x81, 0x81, 0x80], .tooMuch),
            ([0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .tooMuch), ([0x98, 0xFF], .tooMuch),
        ] as [([UInt8], CBORReader.Fault)])
    func refused(bytes: [UInt8], fault: CBORReader.Fault) {
        #expect(throws: fault) { _ = try value(bytes) }
    }

    @Test("goes as deep and as far as its limits")
    func limits() throws {
        #expect(try value([0x81, 0x81, 0x81, 0x80]) == .array([.array([.array([.array([])])])]))
        let most = CBORReader.valueLimit - 1
        #expect(try value([0x98, UInt8(most)] + [UInt8](repeating: 0, count: most)).integer == nil)
    }

    @Test("returns what stands after a value")
    func prefix() throws {
        let (value, rest) = try CBORReader.prefix(of: [9, 9, 0x41, 7, 5, 6][2...])
        #expect(value == .bytes([7]) && Array(rest) == [5, 6])
    }

    @Test("takes any bytes without harm, and reads the same from what it reads")
    func hostile() throws {
        var input = HostileInput(seed: 20_261_126)
        let authenticator = SoftwareAuthenticator()
        let genuine = authenticator.made([1, 2, 3])
        #expect(AuthenticatorData(attestation: genuine.attestation) != nil)
        #expect(ClientData(genuine.clientData) != nil)
        var read = 0
        for _ in 0..<HostileInput.count() {
            let bytes =
                input.chance(4)
                ? input.bytes(Int.random(in: 0..<60, using: &input)) : input.changed(genuine.attestation)
            if let (value, rest) = try? CBORReader.prefix(of: bytes[...]) {
                read += 1
                #expect(rest.endIndex == bytes.endIndex)
                let again = try CBORReader.value(of: bytes[..<rest.startIndex])
                #expect(again == value)
            }
            // Whatever they are, these return.
            _ = AuthenticatorData(attestation: bytes)
            _ = AuthenticatorData(input.changed(genuine.attestation))
            _ = ClientData(input.changed(genuine.clientData))
        }
        #expect(read > 0)
    }
}
