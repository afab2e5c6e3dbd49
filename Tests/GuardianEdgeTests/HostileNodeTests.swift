import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianJournal
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// What a node answers: it may be somebody else's, and may have been taken over.
@Suite("Every answer of a node")
struct HostileNodeTests {
    private let count = HostileInput.count()
    private let folder = TemporaryFolder()

    @Test("about a part is refused, or has a length that can be computed with")
    func parts() throws {
        var input = HostileInput(seed: 51)
        var accepted = 0
        for _ in 0..<count {
            let reply = Guardian_V1_StoreReply.with { reply in
                switch Int.random(in: 0..<4, using: &input) {
                case 0: reply.durable = input.integer()
                case 1:
                    reply.receipt.objectKey = input.text(["a/b"])
                    (reply.receipt.size, reply.receipt.storedAt) = (input.integer(), input.integer())
                case 2: reply.interruption.size = input.integer()
                default:
                    reply.refusal.detail = input.text(["Over quota."])
                    reply.refusal.reason = .init(rawValue: Int(input.integer(Int32.self))) ?? .invalid
                }
            }
            let bytes: [UInt8] = try reply.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_StoreReply(serializedBytes: sent),
                let answer = try? StoreAnswer(decoded)
            else { continue }
            accepted += 1
            switch answer {
            case .durable(let size), .interrupted(let size): #expect(Plausible.fileSize.contains(size))
            case .stored(let key, let size, _):
                #expect(Plausible.fileSize.contains(size) && key.utf8.count <= 1_024)
            case .refused(let reason, _): #expect(reason.utf8.count <= PeerText.limit)
            }
        }
        #expect(accepted > 0 && accepted < count)
        for size: UInt64 in [.max, UInt64(Int64.max), (1 << 44) + 1] {
            #expect(throws: GuardianError.self) { try StoreAnswer(.with { $0.durable = size }) }
        }
    }

    @Test("with a sealed file becomes a length and an entity tag, and no other header")
    func files() throws {
        var input = HostileInput(seed: 52)
        for _ in 0..<count {
            let reply = Guardian_V1_FetchReply.with {
                $0.size = input.integer()
                $0.etag = input.text(["\"abc\"", "\"", "\"\"", "W/\"abc\"", "\"a\"\r\nSet-Cookie: b=\"c\""])
            }
            guard let head = try? FetchHead(reply) else { continue }
            #expect(Plausible.fileSize.contains(head.size) && head.etag.map { $0 == "\"abc\"" } ?? true)
        }
    }

    @Test("about its entries is of no effect, or has numbers that can be computed with")
    func holdings() async throws {
        let journal = try Journal(path: folder.path("j.sqlite"), key: DeviceKey())
        for number in 0..<5 {
            try await journal.append([.eventUpdated(Sample.event(Int64(number)))], at: Sample.start)
        }
        var input = HostileInput(seed: 55)
        var taken = 0
        for _ in 0..<count {
            let holding = ChainHolding(
                .with {
                    $0.chain = input.text([journal.chain.description, "0192f7c0-6c1e-7d3a-9d5b-0f6f2f4f1a2b"])
                    $0.stored = input.chance(2) ? input.integer() : UInt64.random(in: 0...5, using: &input)
                    $0.through = input.chance(2) ? input.integer() : UInt64.random(in: 0...5, using: &input)
                })
            guard let holding else { continue }
            taken += 1
            #expect(try await journal.outbox.lost(by: holding) == 0, "all five wait")
            var last: Int64?
            while let next = try await journal.outbox.returnLost(of: holding, below: last) { last = next }
            #expect(journal.outbox.waiting == 5)
        }
        #expect(taken > 0 && taken < count)
    }

    private static func part(_ input: inout HostileInput) -> Guardian_V1_ArchivedPart {
        .with {
            $0.part = input.chance(4) ? input.integer() : UInt32.random(in: 0...9_999, using: &input)
            $0.status = .init(rawValue: Int.random(in: 0...7, using: &input)) ?? .pending
            ($0.size, $0.startedAt) = (input.chance(4) ? input.integer() : 9, input.integer())
            $0.sha256 = Data(input.bytes(input.chance(9) ? 31 : 32))
            ($0.bucket, $0.objectKey) = (input.text(["guardian"]), input.text(["clips/a/0.grdn"]))
            if input.chance(2) { $0.keyIds = [input.text(["AAAAAAAAAAA"])] }
            if input.chance(2) {
                ($0.checkpoint.plaintextLength, $0.checkpoint.at) = (input.integer(), input.integer())
                $0.checkpoint.signed = Data(input.bytes(input.chance(4) ? 9 : 144))
            }
        }
    }

    private func isSound(_ part: ArchivedPart) -> Bool {
        (0...9_999).contains(part.number) && Plausible.fileSize.contains(part.size) && part.startedAt.isPlausible
            && part.storedAt?.isPlausible != false && (part.bucket ?? "").utf8.count <= ArchiveLimits.bucket
            && (part.objectKey ?? "").utf8.count <= ArchiveLimits.objectKey
            && part.keyIDs.allSatisfy { $0.utf8.count <= 11 }
            && part.checkpoint.map {
                Plausible.fileSize.contains($0.plaintextLength) && $0.at.isPlausible && $0.signed.count == 144
            } != false
    }

    @Test("about its archive's clips and pictures is refused, or has short texts and numbers that can be computed with")
    func archive() throws {
        var input = HostileInput(seed: 53)
        var accepted = 0
        let id = ClipID.v7(at: Timestamp(milliseconds: 1_790_000_000_000)).description
        for _ in 0..<count {
            let page = Guardian_V1_ArchivePage.with { page in
                page.nextCursor = input.text(["", id])
                if input.chance(2) {
                    page.clips.items = (0..<Int.random(in: 0...2, using: &input)).map { _ in
                        .with {
                            ($0.clip, $0.camera) = (id, input.chance(6) ? input.text([id]) : id)
                            ($0.startedAt, $0.duration) = (input.integer(), input.chance(3) ? input.integer() : 9)
                            $0.status = .init(rawValue: Int.random(in: 0...7, using: &input)) ?? .pending
                            ($0.reason, $0.contentType) = (input.text([""]), input.text(["video/mp4"]))
                            ($0.events, $0.pictures) = ([id], input.chance(6) ? [input.text([id])] : [])
                            $0.parts = (0..<Int.random(in: 0...2, using: &input)).map { _ in Self.part(&input) }
                        }
                    }
                } else {
                    page.pictures.items = [
                        .with {
                            ($0.event, $0.camera, $0.startedAt) = (id, id, input.integer())
                            $0.status = .stored
                            ($0.reason, $0.contentType) = (input.text([""]), input.text(["image/jpeg"]))
                            ($0.clips, $0.file) = ([id], Self.part(&input))
                        }
                    ]
                }
            }
            let bytes: [UInt8] = try page.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_ArchivePage.bounded.deserialize(sent) else { continue }
            if let clips = try? decoded.checkedClips() {
                accepted += clips.items.count
                for clip in clips.items {
                    #expect(clip.startedAt.isPlausible && clip.duration.map(Plausible.duration.contains) != false)
                    #expect((clip.reason ?? "").utf8.count <= ArchiveLimits.text)
                    #expect((clip.contentType ?? "").utf8.count <= ArchiveLimits.contentType)
                    #expect(clip.parts.allSatisfy(isSound))
                }
                // What the edge's API makes of them.
                _ = try JSON.encode(clips.items.map(ArchivedClipView.init))
            }
            if let pictures = try? decoded.checkedPictures() {
                accepted += pictures.items.count
                #expect(pictures.items.allSatisfy { $0.startedAt.isPlausible && isSound($0.file) })
                _ = try JSON.encode(pictures.items.map(ArchivedPictureView.init))
            }
        }
        #expect(accepted > 0)
    }

    @Test("about its archive's usage is refused, or has few and short texts and numbers that can be computed with")
    func usage() throws {
        var input = HostileInput(seed: 54)
        var accepted = 0
        for _ in 0..<count {
            func level() -> Guardian_V1_ArchiveLevel {
                .with {
                    ($0.bytes, $0.objects) = (
                        input.chance(4) ? input.integer() : 9, input.chance(4) ? input.integer() : 9
                    )
                    if input.chance(2) { $0.byteLimit = input.chance(4) ? input.integer() : UInt64(Int64.max) }
                }
            }
            let report = Guardian_V1_ArchiveReport.with {
                $0.all = level()
                $0.whenFull = .init(rawValue: Int.random(in: 0...3, using: &input)) ?? .refuse
                $0.days = input.integer()
                ($0.heldClips, $0.heldBytes) = (3, input.chance(4) ? input.integer() : 9)
                $0.refusedReason = input.text(["Full."])
                $0.problems = (0..<(input.chance(20) ? 40 : 2)).map { _ in input.text(["The spool is away."])
                }
                $0.notes = $0.problems
                if input.chance(2) { $0.cameras = [.with { ($0.camera, $0.level) = (UUID().uuidString, level()) }] }
            }
            let bytes: [UInt8] = try report.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_ArchiveReport.bounded.deserialize(sent),
                let usage = try? ArchiveReport(decoded)
            else { continue }
            accepted += 1
            for level in [usage.all] + usage.cameras.map(\.level) {
                #expect(Plausible.storage.contains(level.bytes) && Plausible.count.contains(level.objects))
                #expect((level.byteLimit ?? 0) >= 0 && (level.objectLimit ?? 0) >= 0)
            }
            #expect(Plausible.storage.contains(usage.heldBytes) && (usage.days ?? 0) >= 0)
            #expect(usage.problems.count <= ArchiveLimits.sentences && usage.notes.count <= ArchiveLimits.sentences)
            let texts = usage.problems + usage.notes + [usage.refused.reason ?? ""]
            #expect(texts.allSatisfy { $0.utf8.count <= ArchiveLimits.text })
            _ = try JSON.encode(ArchiveUsageView(usage))
        }
        #expect(accepted > 0)
    }

    @Test("about its archive is refused when it has more items than were asked for, or more than one")
    func items() throws {
        let clip = Guardian_V1_ArchivedClip.with {
            ($0.clip, $0.camera, $0.status) = (UUID().uuidString, UUID().uuidString, .stored)
        }
        let page = { (count: Int) in
            Guardian_V1_ArchivePage.with { $0.clips.items = Array(repeating: clip, count: count) }
        }
        #expect(try page(200).checkedClips().items.count == 200)
        #expect(throws: GuardianError.self) { try page(201).checkedClips() }
        #expect(try page(1).checkedClip().status == .stored)
        for count in [0, 2] { #expect(throws: GuardianError.self) { try page(count).checkedClip() } }
        for change in [
            { $0.events = Array(repeating: UUID().uuidString, count: 1_001) },
            { $0.parts = Array(repeating: .with { $0.status = .stored }, count: 10_001) },
            { $0.status = .unspecified }, { $0.duration = -1 }, { $0.clip = "" },
            { $0.parts = [.with { ($0.status, $0.size) = (.stored, (1 << 44) + 1) }] },
            { $0.parts = [.with { ($0.status, $0.part) = (.stored, 10_000) }] },
            { $0.parts = [.with { ($0.status, $0.keyIds) = (.stored, Array(repeating: "AAAAAAAAAAA", count: 65)) }] },
            { $0.parts = [.with { ($0.status, $0.bucket) = (.stored, "a\nb") }] },
        ] as [(inout Guardian_V1_ArchivedClip) -> Void] {
            var changed = clip
            change(&changed)
            #expect(throws: GuardianError.self) {
                try Guardian_V1_ArchivePage.with { $0.clips.items = [changed] }.checkedClip()
            }
        }
    }

    @Test(
        "is not needed for the heartbeat: a damaged one counts as of its last change, and none as a clean end",
        arguments: ["", "soon", "9223372036854775807", "-5", String(repeating: "9", count: 5_000), "\u{FFFD}"])
    func heartbeat(text: String) throws {
        let path = folder.path("alive")
        #expect(Heartbeat.last(path: path) == nil)
        try Data(text.utf8).write(to: URL(filePath: path))
        var times = [timeval(tv_sec: 1_790_000_000, tv_usec: 0), timeval(tv_sec: 1_790_000_000, tv_usec: 0)]
        try #require(utimes(path, &times) == 0)
        #expect(Heartbeat.last(path: path) == Timestamp(milliseconds: 1_790_000_000_000))
        try Data("1790000000123\n".utf8).write(to: URL(filePath: path))
        #expect(Heartbeat.last(path: path) == Timestamp(milliseconds: 1_790_000_000_123))
    }
}
