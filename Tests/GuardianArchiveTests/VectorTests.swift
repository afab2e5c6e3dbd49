import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

/// Sealed clips made by PyPI's `tink` and `cryptography`, with the result that an opener must give for each.
struct SealedClipVectors: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var owner: String
        var expect: String
        var reason: String
        var size: Int64?
        var sha256: String?

        var testDescription: String { "\(file) with the code of \(owner)" }
    }

    var owner: String
    var ownerCode: String
    var other: String
    var otherCode: String
    var ownerXWingPublic: String
    var ownerX25519Public: String
    var cases: [Case]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/sealed-clip")

    static func load() throws -> SealedClipVectors {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: folder.appending(path: "vectors.json")))
    }

    func keys(of name: String) throws -> OwnerKeys {
        try OwnerKeys(OwnerSecret(recoveryCode: name == "owner" ? ownerCode : otherCode))
    }
}

@Suite("Clips that others sealed")
struct VectorTests {
    let vectors: SealedClipVectors

    init() throws { vectors = try SealedClipVectors.load() }

    @Test("the vectors are all there")
    func count() { #expect(vectors.cases.count == 72) }

    @Test(
        "each is opened, reported as interrupted, or refused with its reason",
        arguments: try SealedClipVectors.load().cases)
    func open(_ vector: SealedClipVectors.Case) async throws {
        let source = try SealedSource.file(SealedClipVectors.folder.appending(path: vector.file).path)
        var plaintext: [UInt8] = []
        let result = try await ClipOpener(vectors.keys(of: vector.owner)).open(source) { plaintext += $0 }
        #expect(result.outcome == (try Self.expected(vector)))
        guard let size = vector.size else { return }
        #expect(result.plaintextLength == size)
        #expect(Int64(plaintext.count) == size)
        #expect(result.plaintextHash?.hex == vector.sha256)
        #expect(Hash256(bytes: SHA256.hash(data: plaintext))?.hex == vector.sha256)
    }

    static func expected(_ vector: SealedClipVectors.Case) throws -> OpeningOutcome {
        switch vector.reason {
        case "complete": return .complete
        case "interrupted": return .interrupted
        case "refused: not a sealed clip of version 1": return .refused(.notASealedClip)
        case "refused: header": return .refused(.header)
        case "refused: device signature": return .refused(.signature)
        case "refused: recipients": return .refused(.recipients)
        case "refused: recipients changed": return .refused(.recipientsChanged)
        case "refused: not sealed to this key": return .refused(.wrongCode)
        case "refused: damaged key": return .refused(.damagedKey)
        case "refused: body": return .refused(.body)
        default:
            let words = vector.reason.split(separator: " ")
            let number = try #require(words.count == 4 ? Int64(words[2]) : nil)
            return .refused(.segment(number))
        }
    }
}
