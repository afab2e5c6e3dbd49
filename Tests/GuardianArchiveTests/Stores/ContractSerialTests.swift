import Foundation
import GuardianArchive
import GuardianCore
import NIOCore
import Testing

@Suite("Every object store")
struct ContractSerialTests {
    @Test("returns what was put, whole and in ranges", arguments: StoreKind.allCases)
    func roundTrip(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let key = try ObjectKey.of(bucket, "clips/one/0.grdn")
            let bytes = Scratch.bytes(3_000_000)
            let receipt = try await store.put(key, bytes)
            #expect(receipt.key == key)
            #expect(receipt.size == 3_000_000)
            #expect(try await store.fetch(key, limit: 3_000_000) == bytes)
            let head = try #require(try await store.head(key))
            #expect(head.size == 3_000_000 && head.etag == receipt.etag && !head.etag.isEmpty)
            #expect(abs(head.storedAt - SystemClock().now()) < 600_000)
            for range in [0..<1, 0..<40, 1_048_570..<1_048_590, 2_999_999..<3_000_000, 0..<3_000_000] as [Range<Int64>]
            {
                let content = try await store.get(key, range: range)
                #expect(content.size == 3_000_000 && content.range == range && content.etag == head.etag)
                var got = ByteBuffer()
                for try await piece in content.pieces { got.writeImmutableBuffer(piece) }
                #expect(got == bytes.getSlice(at: Int(range.lowerBound), length: range.count), "\(range)")
            }
            for range in [3_000_000..<3_000_001, 2_999_999..<3_000_001, 5..<5, -1..<3] as [Range<Int64>] {
                await expectError(.outOfRange) { _ = try await store.get(key, range: range) }
            }
        }
    }

    @Test("keeps an empty object", arguments: StoreKind.allCases)
    func empty(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let key = try ObjectKey.of(bucket, "empty")
            #expect(try await store.put(key, ByteBuffer()).size == 0)
            #expect(try await store.fetch(key, limit: 0).readableBytes == 0)
            #expect(try await store.all(bucket).map(\.size) == [0])
        }
    }

    @Test("never replaces an object", arguments: StoreKind.allCases)
    func neverReplaces(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let key = try ObjectKey.of(bucket, "clips/one/0.grdn")
            let late = try await store.begin(key)
            try await late.append(Scratch.bytes(20, seed: 3))
            _ = try await store.put(key, Scratch.bytes(10))
            await expectError(.alreadyExists) { _ = try await store.put(key, Scratch.bytes(10, seed: 2)) }
            await expectError(.alreadyExists) { _ = try await store.begin(key) }
            await expectError(.alreadyExists) { _ = try await late.finish() }
            try await late.abort()
            #expect(try await store.fetch(key, limit: 100) == Scratch.bytes(10))
        }
    }

    @Test("reports missing objects", arguments: StoreKind.allCases)
    func absent(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let key = try ObjectKey.of(bucket, "a/b")
            for _ in 0..<2 {
                #expect(try await store.head(key) == nil)
                #expect(try await store.all(bucket).isEmpty)
                await expectError(.notFound) { _ = try await store.get(key, range: nil) }
                await expectError(.notFound) { _ = try await store.get(key, range: 0..<1) }
                try await store.delete(key)
                #expect(try await store.removeLeftovers(in: bucket, prefix: "", before: .distant, keeping: []) == 0)
                // First the bucket does not exist, then it does; the second call changes nothing.
                try await store.ensureBucket(bucket)
                try await store.ensureBucket(bucket)
            }
        }
    }

    @Test("deletes objects", arguments: StoreKind.allCases)
    func deletes(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let (one, two) = (try ObjectKey.of(bucket, "clips/x/0.grdn"), try ObjectKey.of(bucket, "clips/x/1.grdn"))
            _ = try await store.put(one, Scratch.bytes(5))
            _ = try await store.put(two, Scratch.bytes(6))
            try await store.delete(one)
            #expect(try await store.head(one) == nil)
            #expect(try await store.all(bucket).map(\.name) == ["clips/x/1.grdn"])
            try await store.delete(two)
            #expect(try await store.all(bucket).isEmpty)
            #expect(try await store.put(one, Scratch.bytes(7)).size == 7)
        }
    }

    @Test("lists in the order of bytes, page by page, below a prefix", arguments: StoreKind.allCases)
    func lists(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            // A dash sorts before a slash, a zero after it.
            let names = ["a-b", "a/1", "a/2/3", "a/2/4", "a0", "b/1", "b/10", "b/2", "c", "z", "é/1"]
            for name in names.shuffled() { _ = try await store.put(.of(bucket, name), Scratch.bytes(name.utf8.count)) }
            for limit in [1, 2, 3, 1_000] {
                #expect(try await store.all(bucket, limit: limit).map(\.name) == names, "\(limit)")
                #expect(
                    try await store.all(bucket, prefix: "a/", limit: limit).map(\.name) == ["a/1", "a/2/3", "a/2/4"])
                #expect(try await store.all(bucket, prefix: "a", limit: limit).count == 5)
                #expect(try await store.all(bucket, prefix: "b/1", limit: limit).map(\.name) == ["b/1", "b/10"])
                #expect(try await store.all(bucket, prefix: "a/3", limit: limit).isEmpty)
            }
            #expect(try await store.all(bucket).map(\.size) == names.map { Int64($0.utf8.count) })
        }
    }

    @Test("accepts every valid name", arguments: StoreKind.allCases)
    func awkwardNames(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let names = [
                "a b", " lead", "trail ", "a+b", "a%20b", "100%", "a&b=c?d#e", "semi;colon,comma", "~tilde~",
                "quote'\"quote", "<xml>&amp;", "{}[]|\\^`", "$@!*()", "ünï/cödé", "日本/語", "e\u{301}", "\u{e9}",
                "👩‍👩‍👧", "a/b/c/d/e/f", ".hidden", "...", "a..b/c", "A/a/A", String(repeating: "x", count: 200) + "/y",
            ]
            for (index, name) in names.enumerated() {
                _ = try await store.put(.of(bucket, name), Scratch.bytes(index + 1))
            }
            let listed = try await store.all(bucket, limit: 7)
            #expect(
                listed.map { Array($0.name.utf8) }
                    == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
            for (index, name) in names.enumerated() {
                #expect(try await store.fetch(.of(bucket, name), limit: 100) == Scratch.bytes(index + 1), "\(name)")
                try await store.delete(.of(bucket, name))
            }
            #expect(try await store.all(bucket).isEmpty)
        }
    }

    @Test("stores an object that grows, in pieces of any size", arguments: StoreKind.allCases)
    func grows(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            // Less than one piece, and several pieces with a short last one.
            for (size, piece) in [(70_000, 4_096), (12_000_000, 700_001), (5 << 20, 5 << 20), (0, 1)] {
                let key = try ObjectKey.of(bucket, "clips/\(size)/0.grdn")
                let whole = Scratch.bytes(size)
                let upload = try await store.begin(key)
                var sent = 0
                while sent < size {
                    let next = try #require(whole.getSlice(at: sent, length: min(piece, size - sent)))
                    let ticket = try await upload.append(next)
                    sent += next.readableBytes
                    #expect(await upload.offset == Int64(sent))
                    #expect(ticket.stored <= Int64(sent) && Int64(sent) - ticket.stored < Int64(upload.pieceSize))
                    #expect(try await store.head(key) == nil)
                }
                let receipt = try await upload.finish()
                #expect(receipt.size == Int64(size) && receipt.key == key)
                #expect(try await upload.finish() == receipt)
                #expect(try await store.head(key)?.etag == receipt.etag)
                #expect(try await store.fetch(key, limit: size) == whole)
                await expectError(.failedPrecondition) { try await upload.append(Scratch.bytes(1)) }
            }
            #expect(try await store.removeLeftovers(in: bucket, prefix: "", before: .distant, keeping: []) == 0)
        }
    }

    @Test("leaves nothing of an upload that is aborted", arguments: StoreKind.allCases)
    func aborts(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            let key = try ObjectKey.of(bucket, "clips/a/0.grdn")
            for size in [10, 6 << 20] {
                let upload = try await store.begin(key)
                let ticket = try await upload.append(Scratch.bytes(size))
                try await upload.abort()
                try await upload.abort()
                await expectError(.failedPrecondition) { _ = try await upload.finish() }
                #expect(try await store.head(key) == nil)
                if size > 10 { await expectError(.notFound) { _ = try await store.resume(ticket) } }
            }
            #expect(try await store.removeLeftovers(in: bucket, prefix: "", before: .distant, keeping: []) == 0)
            #expect(try await store.put(key, Scratch.bytes(1)).size == 1)
        }
    }

    @Test("resumes an upload after a restart, at any point", arguments: StoreKind.allCases)
    func resumes(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            for (round, done) in [0, 10, 5 << 20, (11 << 20) + 5].enumerated() {
                let key = try ObjectKey.of(bucket, "clips/\(round)/0.grdn")
                let whole = Scratch.bytes((12 << 20) + 7, seed: UInt64(round + 1))
                var ticket = await (try store.begin(key)).ticket
                if done > 0 {
                    let upload = try await store.resume(ticket)
                    let first = try #require(whole.getSlice(at: 0, length: done))
                    ticket = try await upload.append(first)
                }
                let again = try await store.resume(
                    JSONDecoder().decode(UploadTicket.self, from: JSONEncoder().encode(ticket)))
                let offset = Int(await again.offset)
                #expect(offset <= done && Int64(offset) >= ticket.stored)
                let rest = try #require(whole.getSlice(at: offset, length: whole.readableBytes - offset))
                ticket = try await again.append(rest)
                let receipt = try await again.finish()
                #expect(receipt.size == Int64(whole.readableBytes))
                #expect(try await store.fetch(key, limit: 1 << 24) == whole)
                // As if the response was lost, or the process crashed before it noted it.
                let finished = try await store.resume(ticket)
                #expect(await finished.offset == receipt.size)
                #expect(try await finished.finish().etag == receipt.etag)
                #expect(try await finished.finish().size == receipt.size)
            }
        }
    }

    @Test("removes abandoned uploads, but not those in progress", arguments: StoreKind.allCases)
    func leftovers(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            var tickets: [UploadTicket] = []
            for number in 0..<3 {
                let upload = try await store.begin(.of(bucket, "clips/\(number)/0.grdn"))
                tickets.append(try await upload.append(Scratch.bytes(6 << 20)))
            }
            // moto says that every upload began in 2010.
            let past = kind == .moto ? Timestamp(milliseconds: 0) : SystemClock().now() + -3_600_000
            #expect(try await store.removeLeftovers(in: bucket, prefix: "clips/", before: past, keeping: []) == 0)
            #expect(
                try await store.removeLeftovers(in: bucket, prefix: "clips/", before: .distant, keeping: [tickets[1]])
                    == 2)
            #expect(await (try store.resume(tickets[1])).offset == tickets[1].stored)
            for lost in [tickets[0], tickets[2]] { await expectError(.notFound) { _ = try await store.resume(lost) } }
        }
    }

    @Test("lets one of many writers of a key win", arguments: [StoreKind.folder, .moto])
    func races(_ kind: StoreKind) async throws {
        try await kind.run { store, bucket in
            try await store.ensureBucket(bucket)
            // The first refusal shows that the server enforces the condition.
            let first = try ObjectKey.of(bucket, "first")
            _ = try await store.put(first, Scratch.bytes(1))
            await expectError(.alreadyExists) { _ = try await store.put(first, Scratch.bytes(2)) }
            for round in 0..<5 {
                let key = try ObjectKey.of(bucket, "clips/\(round)/0.grdn")
                let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
                    for writer in 1...8 {
                        group.addTask {
                            do {
                                return Int(try await store.put(key, Scratch.bytes(writer)).size)
                            } catch let error as GuardianError where error.code == .alreadyExists {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: [Int]()) { $0 += $1.map { [$0] } ?? [] }
                }
                #expect(winners.count == 1)
                #expect(try await store.head(key)?.size == winners.first.map(Int64.init))
            }
        }
    }
}

extension Timestamp {
    /// A time after everything that a test does.
    static let distant = Timestamp(milliseconds: SystemClock().now().milliseconds + 86_400_000)
}
