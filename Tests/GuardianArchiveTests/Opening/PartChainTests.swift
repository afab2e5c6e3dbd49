import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("The parts of a clip")
struct PartChainTests {
    let sample: Sample

    init() throws { sample = try Sample() }

    private func parts(_ count: Int, of subject: UUID = UUID()) throws -> [SealedPrefix] {
        var parts: [SealedPrefix] = []
        for number in 0..<count {
            let fields = try ClipFields(
                contentType: "video/mp4", subject: subject, camera: "gate", part: number, previous: parts.last?.bind)
            parts.append(try ClipSealer(fields, to: [sample.owner.xWing], signer: sample.signer).prefix)
        }
        return parts
    }

    @Test("parts in any order are sorted")
    func ordered() throws {
        let parts = try parts(4)
        #expect(try PartChain(parts.shuffled()).parts.map(\.bind) == parts.map(\.bind))
        #expect(try PartChain([]).parts.isEmpty)
    }

    @Test("a part that is hidden, foreign, repeated or exchanged is named")
    func broken() throws {
        let parts = try parts(4)
        for hidden in 0..<3 {
            var some = parts
            some.remove(at: hidden)
            let error = #expect(throws: GuardianError.self) { try PartChain(some) }
            #expect(error?.message.contains("Part \(hidden)") == true)
        }
        #expect(throws: GuardianError.self) { try PartChain(parts + [parts[2]]) }
        let exchanged = try self.parts(4, of: parts[0].header.subject)
        #expect(throws: GuardianError.self) { try PartChain([parts[0], exchanged[1], parts[2], parts[3]]) }
        #expect(throws: GuardianError.self) { try PartChain([parts[0], try self.parts(2)[1]]) }
    }
}
