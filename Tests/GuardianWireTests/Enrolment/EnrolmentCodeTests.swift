import GuardianCore
import GuardianWire
import Testing

@Suite("Codes of enrolment")
struct EnrolmentCodeTests {
    private static let fingerprint = Hash256(digest: (0..<32).map { UInt8($0) })
    private let code = EnrolmentCode(
        authority: Self.fingerprint, randomness: Randomness { Array(repeating: 0xA5, count: $0) })

    @Test("are read as they were printed, also in small letters, with other spaces, and with O for 0 and I for 1")
    func reading() throws {
        let text = code.text.reveal()
        #expect(text.split(separator: "-").map(\.count) == [8, 26, 26])
        let typed = text.lowercased().replacingOccurrences("-", " ").replacingOccurrences("0", "o")
            .replacingOccurrences("1", "i")
        for text in [text, typed, text.replacingOccurrences("-", ""), "\(text)\n"] {
            let read = try EnrolmentCode(Secret(text))
            #expect(read.prefix == code.prefix)
            #expect(read.secret == code.secret)
            #expect(read.authority == code.authority)
        }
    }

    @Test("say which authority the node has, and no other")
    func authority() {
        #expect(code.authority.matches(Self.fingerprint))
        #expect(!code.authority.matches(Hash256(digest: Array(repeating: 1, count: 32))))
        #expect(AuthorityPin(hex: Self.fingerprint.hex.uppercased())?.matches(Self.fingerprint) == true)
        #expect(AuthorityPin(hex: "00:01") == nil)
    }

    @Test(
        "are refused when they are not whole",
        arguments: [
            "", "-", "ABCDEFGH", "U", String(repeating: "A", count: 59), String(repeating: "A", count: 61), "é",
        ])
    func mistyped(text: String) {
        let error = #expect(throws: GuardianError.self) { try EnrolmentCode(Secret(text)) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("differ from one another, and are not in any text of themselves")
    func secrecy() {
        let codes = (0..<100).map { _ in EnrolmentCode(authority: Self.fingerprint) }
        #expect(Set(codes.map(\.secret)).count == 100)
        #expect(Set(codes.map(\.prefix)).count == 100)
        #expect(!"\(code)".contains("165"))
    }

    @Test("have one canonical prefix", arguments: [("0o0o0o0o", "00000000"), ("abcd-efgh", "ABCDEFGH"), ("ABCD", nil)])
    func canonical(text: String, expected: String?) {
        #expect(EnrolmentCode.canonical(prefix: text) == expected)
    }
}

extension String {
    /// Foundation's function has another name for each kind of text.
    fileprivate func replacingOccurrences(_ old: Character, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
