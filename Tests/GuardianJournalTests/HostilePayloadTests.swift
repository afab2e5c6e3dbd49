import Foundation
import GRDB
import GuardianCore
import GuardianJournal
import GuardianStorage
import GuardianTestKit
import Testing

/// A node reads what devices sign, and a device may be in a thief's hands.
@Suite("A payload that a device made to do harm")
struct HostilePayloadTests {
    private let folder = TemporaryFolder()

    private func content(_ text: String) throws -> JournalContent {
        try JournalEntry(chain: .v7(at: Sample.start), sequence: 1, payload: Array(text.utf8), signature: []).content()
    }

    private static func unknown(_ body: String) -> String {
        #"{"chain":"0192d3f0-0000-7000-8000-000000000000","sequence":1,"previous":"","kind":"later","at":5,"body":"#
            + body + "}"
    }

    @Test("with any number in any place is refused, or has times and lengths that can be added and written")
    func numbers() async throws {
        var input = HostileInput(seed: 31)
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        let kept = Sample.event(state: .closed, clips: [.v7(at: Sample.start)])
        let bodies =
            PayloadTests.bodies + [
                .clipSealed(
                    SealedClip(
                        clip: .v7(at: Sample.start), camera: Sample.front,
                        parts: [
                            .init(
                                number: 0, bind: .sha256(of: [1]), isComplete: true, plaintextLength: 5,
                                lastingLength: 9, lastingHash: nil)
                        ])), .eventClosed(kept), .eventKept(Keep(event: kept.id, isKept: true)),
            ]
        let payloads = try await journal.append(bodies, at: Sample.start).map(\.payload)
        var accepted = 0
        for number in 0..<HostileInput.count() {
            let genuine = payloads[number % payloads.count]
            let sent = input.chance(3) ? input.changed(genuine) : Self.replacingNumber(in: genuine, &input)
            let entry = JournalEntry(chain: .v7(at: Sample.start), sequence: 1, payload: sent, signature: [])
            guard let content = try? entry.content() else { continue }
            accepted += 1
            #expect(content.at.isPlausible && content.sequence + 1 > 0)
            if let event = content.body.event {
                #expect(event.startedAt.isPlausible && event.endedAt.isPlausible)
                for point in event.path { #expect(event.startedAt.milliseconds + point.offset < .max) }
                #expect(event.clips.reduce(0) { $0 + $1.to - $1.from } < .max)
                #expect(event.id.time.rfc3339.count == 24)
            }
            if let clip = content.body.clip {
                #expect(clip.startedAt.milliseconds + clip.duration > 0 && clip.size * 1_000 >= 0)
                #expect(clip.missingPackets * 1_000 >= 0)
            }
            if case .clipSealed(let sealed) = content.body {
                #expect(sealed.parts.reduce(0) { $0 + $1.plaintextLength + $1.lastingLength } >= 0)
            }
        }
        #expect(accepted > 0)
        try journal.close()
    }

    /// Puts a hostile number in the place of a number that stands outside of a string.
    private static func replacingNumber(in payload: [UInt8], _ input: inout HostileInput) -> [UInt8] {
        var places: [Range<Int>] = []
        var (isString, start) = (false, Int?.none)
        for (index, byte) in payload.enumerated() {
            if byte == 0x22 { isString.toggle() }
            let isDigit = !isString && ((0x30...0x39).contains(byte) || byte == 0x2D)
            if isDigit, start == nil { start = index }
            if !isDigit, let begin = start {
                places.append(begin..<index)
                start = nil
            }
        }
        guard let place = places.randomElement(using: &input) else { return payload }
        let number = input.chance(5) ? Timestamp.range.upperBound : input.integer(Int64.self)
        return payload[..<place.lowerBound] + Array(String(number).utf8) + payload[place.upperBound...]
    }

    @Test(
        "has no time, length or sequence outside of the plausible",
        arguments: [
            ("at", "253402300800000"), ("at", "-1"), ("sequence", "9223372036854775807"), ("sequence", "0"),
            ("duration", "9223372036854775807"), ("size", "9223372036854775807"), ("startedAt", "-9223372036854775808"),
            ("missingPackets", "9223372036854775807"),
        ])
    func ranges(name: String, number: String) async throws {
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        let entry = try #require(try await journal.append([.clipClosed(Sample.clip())], at: Sample.start).first)
        let genuine = String(decoding: entry.payload, as: UTF8.self)
        _ = try content(genuine)
        let changed = genuine.replacing(try Regex("\"\(name)\":[0-9]+"), with: "\"\(name)\":\(number)")
        #expect(changed != genuine)
        let error = try #require(throws: GuardianError.self) { try content(changed) }
        #expect(error.code == .invalidArgument && error.message.contains(name))
        try journal.close()
    }

    @Test("is refused at the first member too many, so that the work grows with the length alone")
    func members() throws {
        func object(_ count: Int) -> String { "{" + (0..<count).map { "\"\($0)\":1" }.joined(separator: ",") + "}" }
        #expect(try content(Self.unknown(object(1_000))).body == .unknown(kind: "later"))
        // A parser that compares each member with all others would need hours for these.
        let large = object(24_000)
        for payload in [large, Self.unknown(large), Self.unknown("[" + large + "]")] {
            for _ in 0..<200 {
                let error = #expect(throws: GuardianError.self) { try content(payload) }
                #expect(error?.message.contains("too many members") == true)
            }
        }
        let error = #expect(throws: GuardianError.self) {
            try content(Self.unknown(object(999).dropLast() + ",\"7\":1}"))
        }
        #expect(error?.message.contains("repeated") == true)
        // Names are compared as Swift compares texts: as the reader would.
        #expect(throws: GuardianError.self) { try content(Self.unknown("{\"\u{e9}\":1,\"e\u{301}\":1}")) }
        #expect(throws: GuardianError.self) {
            try content(String(repeating: "[", count: JournalLimits.payload + 1))
        }
    }

    @Test("that is stored all the same hides no other entry")
    func stored() async throws {
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        let events = (0..<3).map { Sample.event(Int64($0) * 1_000, clips: [.v7(at: Sample.start)]) }
        let clips = (0..<3).map { Sample.clip(Int64($0) * 1_000) }
        try await journal.append(events.map { .eventClosed($0) } + clips.map { .clipClosed($0) }, at: Sample.start)
        try journal.close()
        // As an earlier version stored it, which had no ranges.
        try await DatabaseQueue(path: folder.path("j.sqlite")).write { database in
            for row in try Row.fetchAll(database, sql: "SELECT position, payload FROM entries WHERE sequence IN (2, 5)")
            {
                let payload = String(decoding: row["payload"] as Data, as: UTF8.self)
                    .replacing(/"startedAt":[0-9]+/, with: "\"startedAt\":9223372036854775807")
                try database.execute(
                    sql: "UPDATE entries SET payload = ? WHERE position = ?",
                    arguments: [Data(payload.utf8), row["position"] as Int64])
            }
        }
        let again = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        let page = try await again.catalogue.events(EventFilter(), limit: 10)
        #expect(page.items.map(\.id) == [events[2].id, events[0].id])
        #expect(try await again.catalogue.event(events[1].id) == nil)
        #expect(try await again.catalogue.clips(clips.map(\.id)).keys.count == 2)
        try again.close()
    }
}
