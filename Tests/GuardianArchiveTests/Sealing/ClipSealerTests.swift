import Crypto
import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("Sealing")
struct ClipSealerTests {
    let sample: Sample

    init() throws { sample = try Sample() }

    @Test("a clip opens to its plaintext, whatever the sizes of the appends", arguments: [4096, 65_536])
    func anyPieces(_ segmentSize: Int) async throws {
        var dice = Dice(7)
        for length in [0, 1, 4039, 4040, 4041, 8120, 8121, 65_480, 65_481, 200_000] {
            let plaintext = dice.bytes(length)
            let sealer = try sample.sealer(segmentSize: segmentSize)
            var file = sealer.opening
            var place = 0
            while place < length {
                let count = min(length - place, Int.random(in: 1...9000, using: &dice))
                file += try sealer.append(plaintext[place..<place + count])
                place += count
                #expect(sealer.sealedLength == Int64(file.count))
                #expect(sealer.plaintextLength == Int64(place))
            }
            file += try sealer.finish()
            let (result, opened) = try await sample.open(file)
            #expect(result.outcome == .complete)
            #expect(opened == plaintext)
            #expect(result.plaintextHash == .of(plaintext))
        }
    }

    @Test("an append that ends on a border is sealed at once, including the full segment there")
    func borders() async throws {
        let sealer = try sample.sealer()
        #expect(try sealer.append([UInt8](repeating: 1, count: 4039)).isEmpty)
        #expect(try sealer.append([2]).count == 4096 - 40)
        #expect(try sealer.append([UInt8](repeating: 3, count: 3 * 4080)).count == 3 * 4096)
        #expect(try sealer.append([UInt8]()).isEmpty)
        #expect(try sealer.append([UInt8](repeating: 4, count: 4080 + 1)).count == 4096)
        #expect(try sealer.append([UInt8](repeating: 5, count: 4079)).count == 4096)
        // No plaintext is left: the last segment is only a tag.
        #expect(try sealer.finish().count == 16)
    }

    @Test("a recording that is cut after any append is interrupted, with every whole segment")
    func cutWhileRecording() async throws {
        var dice = Dice(11)
        let sealer = try sample.sealer()
        let layout = sealer.layout
        var file = sealer.opening
        var plaintext: [UInt8] = []
        for _ in 0..<20 {
            var piece = dice.bytes(Int.random(in: 100...9000, using: &dice))
            piece += [UInt8](
                repeating: 0, count: layout.padding(after: Int64(plaintext.count + piece.count), atLeast: 8))
            plaintext += piece
            file += try sealer.append(piece)
            let (result, opened) = try await sample.open(file)
            #expect(result.outcome == .interrupted)
            #expect(opened == plaintext)
            let checkpoint = try sealer.checkpoint(at: Timestamp(milliseconds: 1_700_000_000_000))
            #expect(checkpoint.plaintextHash == .of(plaintext))
            #expect(
                layout.bodyLength(ofWholeSegments: checkpoint.plaintextLength)
                    == Int64(file.count - sealer.prefix.bodyOffset))
        }
    }

    @Test("nothing is sealed after the end")
    func finished() throws {
        let sealer = try sample.sealer()
        _ = try sealer.finish()
        #expect(sealer.isFinished)
        #expect(throws: GuardianError.self) { try sealer.append([1]) }
        #expect(throws: GuardianError.self) { try sealer.finish() }
    }

    @Test("the same bytes sealed twice have nothing in common")
    func fresh() throws {
        let (first, second) = (try sample.sealer(), try sample.sealer())
        let plaintext = [UInt8](repeating: 0, count: 4040)
        #expect(try first.append(plaintext) != second.append(plaintext))
        #expect(first.opening.suffix(39) != second.opening.suffix(39))
        #expect(first.header.clipKeyHash != second.header.clipKeyHash)
    }

    @Test("each recipient opens it with either key, any other key does not")
    func recipients() async throws {
        let family = try OwnerKeys(OwnerSecret())
        let lawyer = try OwnerKeys(OwnerSecret())
        let sealer = try ClipSealer(
            sample.fields(), to: [family.x25519, sample.owner.xWing, lawyer.xWing], signer: sample.signer)
        #expect(!sealer.prefix.isPostQuantum)
        let file = try sealer.opening + sealer.append([1, 2, 3]) + sealer.finish()
        for keys in [family, lawyer, sample.owner] {
            #expect(try await Sample.open(file, with: keys).plaintext == [1, 2, 3])
        }
        let stranger = try await Sample.open(file, with: OwnerKeys(OwnerSecret()))
        #expect(stranger.result.outcome == .refused(.wrongCode))
        #expect(stranger.plaintext.isEmpty)
        #expect(try sample.sealer().prefix.isPostQuantum)
    }

    @Test("no recipients, too many, and one twice are refused")
    func badRecipients() throws {
        let fields = try sample.fields()
        #expect(throws: GuardianError.self) { try ClipSealer(fields, to: [], signer: sample.signer) }
        #expect(throws: GuardianError.self) {
            try ClipSealer(fields, to: [sample.owner.xWing, sample.owner.xWing], signer: sample.signer)
        }
        let many = try (0..<65).map { _ in try OwnerKeys(OwnerSecret()).x25519 }
        #expect(throws: GuardianError.self) { try ClipSealer(fields, to: many, signer: sample.signer) }
        #expect(try ClipSealer(fields, to: Array(many.dropLast()), signer: sample.signer).prefix.recipients.count == 64)
    }

    @Test("the record names the file without the recipients' bytes")
    func record() throws {
        let sealer = try sample.sealer(to: [.xWing, .x25519])
        let file = try sealer.opening + sealer.append(Dice.some(9999)) + sealer.finish()
        let record = sealer.record
        var lasting = file
        lasting.removeSubrange(sealer.prefix.recipientsRange)
        #expect(record.isComplete)
        #expect(record.plaintextLength == 9999)
        #expect(record.sealedLength == Int64(file.count))
        #expect(record.lastingLength == Int64(lasting.count))
        #expect(record.lastingHash == .of(lasting))
        #expect(record.bind == .of(file[..<sealer.prefix.recipientsRange.lowerBound]))
    }

    @Test("a header holds letters, digits and . _ / - only, and parts follow one another")
    func fields() throws {
        for camera in ["", "gate\"", "größe", "a b", "\u{0}"] {
            #expect(throws: GuardianError.self) {
                try ClipFields(contentType: "video/mp4", subject: UUID(), camera: camera)
            }
        }
        #expect(throws: GuardianError.self) { try sample.fields(part: 1) }
        #expect(throws: GuardianError.self) { try sample.fields(part: 0, previous: .of([1])) }
        #expect(throws: GuardianError.self) { try sample.fields(part: -1, previous: .of([1])) }
    }
}

extension Dice {
    static func some(_ count: Int) -> [UInt8] {
        var dice = Dice(UInt64(count))
        return dice.bytes(count)
    }
}
