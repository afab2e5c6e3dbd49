import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

/// `GUARDIAN_FUZZ_INPUTS` sets how many inputs each parser gets. Every run uses the same inputs.
@Suite("Parsers with arbitrary input")
struct FuzzTests {
    let sample: Sample
    let count: Int
    let prefix: SealedPrefix
    let file: [UInt8]

    init() throws {
        sample = try Sample()
        count = ProcessInfo.processInfo.environment["GUARDIAN_FUZZ_INPUTS"].flatMap { Int($0) } ?? 5000
        file = try sample.seal(Dice.some(200), to: [.x25519, .xWing])
        prefix = try SealedPrefix(parsing: file)
    }

    @Test("every header that is parsed is written with the same bytes")
    func header() {
        let size = prefix.bytes[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let genuine = Array(prefix.bytes[12..<12 + size])
        let read = mutations(of: genuine, seed: 1) { bytes in
            SealedHeader(json: bytes[...]).map { $0.json == bytes }
        }
        #expect(read > 0)
    }

    @Test("every recipients list that is parsed is written with the same bytes")
    func recipients() {
        let genuine = Array(prefix.bytes[(prefix.recipientsRange.lowerBound + 4)..<(prefix.bytes.count - 32)])
        let read = mutations(of: genuine, seed: 2) { bytes in
            [RecipientStanza](json: bytes[...]).map { $0.json == bytes }
        }
        #expect(read > 0)
    }

    @Test("every prefix that is parsed has a header signed by its device")
    func prefixes() throws {
        let read = mutations(of: prefix.bytes, seed: 3) { bytes in
            (try? SealedPrefix(parsing: bytes)).map {
                $0.header == prefix.header && $0.bind == prefix.bind && bytes.starts(with: $0.bytes)
            }
        }
        #expect(read > 0)
    }

    @Test("every text that is parsed as a recovery code is one, apart from spelling")
    func recoveryCode() {
        let genuine = Array(sample.secret.recoveryCode.reveal().utf8)
        _ = mutations(of: genuine, seed: 4) { bytes in
            (try? OwnerSecret(recoveryCode: String(decoding: bytes, as: UTF8.self))).map {
                (try? OwnerSecret(recoveryCode: $0.recoveryCode.reveal())) == $0
            }
        }
    }

    @Test("every recipient line that is parsed has the public key of the line")
    func recipientText() {
        let genuine = Array(sample.owner.x25519.text.utf8)
        _ = mutations(of: genuine, seed: 5) { bytes in
            (try? Recipient(text: String(decoding: bytes, as: UTF8.self))).map { $0 == sample.owner.x25519 }
        }
    }

    @Test("every checkpoint that is parsed is written with the same bytes")
    func checkpoint() throws {
        let genuine = try sample.sealer().checkpoint(at: Timestamp(milliseconds: 9)).bytes
        _ = mutations(of: genuine, seed: 6) { bytes in
            (try? Checkpoint(bytes: bytes)).map { $0.bytes == bytes }
        }
    }

    @Test("a file that is not the one that was sealed never opens as complete")
    func files() async throws {
        var dice = Dice(7)
        for _ in 0..<max(1, count / 10) {
            let changed = Self.change(file, &dice)
            let (result, _) = try await sample.open(changed)
            #expect(changed == file || result.outcome != .complete)
        }
    }

    /// Gives changed inputs to a parser. It returns `nil` for an input that it refuses and `false` if an invariant is
    /// violated.
    ///
    /// - Returns: how many inputs were parsed.
    private func mutations(
        of genuine: [UInt8], seed: UInt64, _ parse: ([UInt8]) -> Bool?
    ) -> Int {
        var dice = Dice(seed)
        var read = 0
        for number in 0..<count {
            let input = number == 0 ? genuine : Self.change(genuine, &dice)
            guard let isKept = parse(input) else { continue }
            read += 1
            if !isKept { Issue.record("input \(number) of seed \(seed): \(input)") }
        }
        return read
    }

    /// Makes one to four changes: other bytes, characters of the format in other places, ranges removed, inserted or
    /// doubled; in one of 50 cases returns random bytes instead.
    private static func change(_ genuine: [UInt8], _ dice: inout Dice) -> [UInt8] {
        if Int.random(in: 0..<50, using: &dice) == 0 { return dice.bytes(Int.random(in: 0..<400, using: &dice)) }
        var bytes = genuine
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            let end = min(bytes.count, place + Int.random(in: 0..<40, using: &dice))
            switch Int.random(in: 0..<8, using: &dice) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 2: bytes[place] = Array(#"{}[]",:0123456789-_.eE+ \AZaz"#.utf8).randomElement(using: &dice) ?? 0
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 5: bytes.insert(contentsOf: dice.bytes(Int.random(in: 1..<9, using: &dice)), at: place)
            case 6: bytes.removeSubrange(place...)
            default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &dice))
            }
        }
        return bytes
    }
}
