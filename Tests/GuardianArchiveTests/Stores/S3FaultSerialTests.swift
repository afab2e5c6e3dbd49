import Foundation
import GuardianArchive
import GuardianCore
import NIOCore
import Synchronization
import GuardianTestKit
import Testing

/// After every fault an object is stored exactly once, or refused with a reason.
@Suite("An S3 store with faults")
struct S3FaultSerialTests {
    /// Runs `body` with a store that reaches a real server through a proxy.
    private func through(
        _ kind: S3Process.Kind, clock: any WallClock = SystemClock(),
        _ change: (inout S3Configuration) -> Void = { _ in },
        _ body: (S3Store, FaultyProxy, BucketName) async throws -> Void
    ) async throws {
        let server = try S3Process.running(kind)
        let proxy = try FaultyProxy(to: try server.port)
        try await server.store(change, at: proxy.endpoint, clock: clock) { store in
            let bucket = try Scratch.bucket()
            try await store.ensureBucket(bucket)
            try await body(store, proxy, bucket)
            #expect(proxy.pending == 0)
        }
    }

    @Test("stores after temporary refusals", arguments: S3Process.Kind.allCases)
    func refusals(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            for (status, code) in [
                (503, "SlowDown"), (500, "InternalError"), (400, "RequestTimeout"), (503, ""), (429, "TooManyRequests"),
                (409, "OperationAborted"),
            ] {
                let key = try ObjectKey.of(bucket, "x/\(status)\(code)")
                // The response to HEAD has no body for a reason.
                if status > 500 { proxy.expect(.answer(status, code: code)) }
                proxy.expect(.pass, .answer(status, code: code), .answer(status, code: code))
                #expect(try await store.put(key, Scratch.bytes(1_000)).size == 1_000, "\(code)")
                proxy.expect(.answer(status, code: code), .answer(status, code: code))
                #expect(try await store.fetch(key, limit: 1_000) == Scratch.bytes(1_000), "\(code)")
            }
        }
    }

    @Test("gives up with a reason after permanent refusals", arguments: S3Process.Kind.allCases)
    func givesUp(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            let expected: [(Int, String, GuardianError.Code)] = [
                (503, "SlowDown", .unavailable), (500, "InternalError", .unavailable),
                (403, "AccessDenied", .permissionDenied),
                (403, "InvalidAccessKeyId", .unauthenticated), (403, "SignatureDoesNotMatch", .unauthenticated),
                (400, "ExpiredToken", .unauthenticated), (400, "AuthorizationHeaderMalformed", .failedPrecondition),
                (301, "PermanentRedirect", .failedPrecondition), (400, "EntityTooLarge", .invalidArgument),
                (507, "XMinioStorageFull", .resourceExhausted), (403, "QuotaExceeded", .resourceExhausted),
                (405, "MethodNotAllowed", .permissionDenied), (418, "Teapot", .invalidArgument),
                (502, "", .unavailable),
            ]
            for (status, code, meaning) in expected {
                proxy.always(.answer(status, code: code))
                await expectError(meaning) {
                    _ = try await store.list(bucket, prefix: "", continuation: nil, limit: 10)
                }
                await expectError(meaning) { _ = try await store.get(key, range: nil) }
            }
            proxy.always(nil)
            #expect(try await store.put(key, Scratch.bytes(3)).size == 3)
        }
    }

    @Test("does not retry a permanent refusal")
    func refusedForGood() async throws {
        try await through(.moto) { store, proxy, bucket in
            let before = proxy.seen.count
            proxy.always(.answer(403, code: "AccessDenied"))
            await expectError(.permissionDenied) { _ = try await store.get(.of(bucket, "x"), range: nil) }
            #expect(proxy.seen.count == before + 1)
        }
    }

    @Test("stores once though the connection is cut in the request", arguments: S3Process.Kind.allCases)
    func cutRequest(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            proxy.expect(.pass, .cutRequest(after: 0), .cutRequest(after: 500_000))
            #expect(try await store.put(key, Scratch.bytes(1_000_000)).size == 1_000_000)
            #expect(try await store.fetch(key, limit: 1_000_000) == Scratch.bytes(1_000_000))
        }
    }

    @Test("stores once though the answer is lost", arguments: S3Process.Kind.allCases)
    func lostAnswer(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            // OpenStack Swift first rejects the condition.
            if kind == .moto {
                proxy.expect(.pass, .cutAnswer(after: -1))
            } else {
                proxy.expect(.pass, .pass, .cutAnswer(after: -1))
            }
            #expect(try await store.put(key, Scratch.bytes(1_000)).size == 1_000)
            await expectError(.alreadyExists) { _ = try await store.put(key, Scratch.bytes(1_000)) }
            #expect(try await store.all(bucket).count == 1)
        }
    }

    @Test("finishes a growing object once though every other answer is lost", arguments: S3Process.Kind.allCases)
    func lostAnswers(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "clips/x/0.grdn")
            let whole = Scratch.bytes(11 << 20)
            // HEAD; beginning the upload; two pieces.
            proxy.expect(
                .cutAnswer(after: -1), .pass, .cutAnswer(after: 3), .pass, .cutRequest(after: 1 << 20), .pass,
                .cutAnswer(after: -1), .pass)
            let upload = try await store.begin(key)
            try await upload.append(whole)
            // The last piece; HEAD; completing the upload, whose repetition fails since the upload no longer exists.
            proxy.expect(.cutAnswer(after: -1), .pass, .cutAnswer(after: -1), .pass, .cutAnswer(after: -1))
            let receipt = try await upload.finish()
            #expect(receipt.size == 11 << 20)
            #expect(try await store.fetch(key, limit: 11 << 20) == whole)
            #expect(try await store.all(bucket).count == 1)
        }
    }

    @Test("loses nothing while the server is down", arguments: S3Process.Kind.allCases)
    func down(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "clips/x/0.grdn")
            let whole = Scratch.bytes((12 << 20) + 9)
            let upload = try await store.begin(key)
            proxy.always(.answer(503, code: "SlowDown"))
            await expectError(.unavailable) { try await upload.append(whole) }
            await expectError(.unavailable) { try await upload.append(whole) }
            await expectError(.unavailable) { _ = try await upload.finish() }
            let taken = Int(await upload.offset)
            // Bytes that did not arrive do not count; all of them are sent again.
            #expect(taken == 0)
            proxy.always(nil)
            try await upload.append(try #require(whole.getSlice(at: taken, length: whole.readableBytes - taken)))
            proxy.always(.cutRequest(after: 10))
            await expectError(.unavailable) { _ = try await upload.finish() }
            proxy.always(nil)
            #expect(try await upload.finish().size == Int64(whole.readableBytes))
            #expect(try await store.fetch(key, limit: 1 << 24) == whole)
        }
    }

    @Test("continues reading where the connection broke", arguments: S3Process.Kind.allCases)
    func brokenReading(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            _ = try await store.put(key, Scratch.bytes(3_000_000))
            proxy.expect(
                .cutAnswer(after: 1_000_000), .cutAnswer(after: 700_001), .cutAnswer(after: -1), .cutAnswer(after: 0),
                .cutAnswer(after: 1))
            #expect(try await store.fetch(key, limit: 3_000_000) == Scratch.bytes(3_000_000))
            proxy.always(.cutAnswer(after: 0))
            await expectError(.unavailable) { _ = try await store.fetch(key, limit: 3_000_000) }
        }
    }

    @Test("notices that an object was changed while it was read")
    func changedWhileRead() async throws {
        try await through(.swift) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            _ = try await store.put(key, Scratch.bytes(1_000_000))
            proxy.expect(.cutAnswer(after: 400_000))
            let content = try await store.get(key, range: nil)
            try await store.delete(key)
            _ = try await store.put(key, Scratch.bytes(1_000_000, seed: 2))
            await expectError(.dataLoss) { for try await _ in content.pieces {} }
        }
    }

    @Test("does not wait for a server that says nothing")
    func silence() async throws {
        // Longer than a busy machine needs for an answer; shorter than the limit of the test's suite.
        try await through(.moto, { $0.silence = .seconds(4) }) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            proxy.expect(.silence, .pass, .silence, .silence)
            #expect(try await store.put(key, Scratch.bytes(1_000)).size == 1_000)
            proxy.always(.silence)
            await expectError(.unavailable) { _ = try await store.head(key) }
        }
    }

    @Test("corrects a clock that is twenty minutes off", arguments: [-1_200_000, 1_200_000] as [Int64])
    func wrongClock(_ off: Int64) async throws {
        for kind in S3Process.Kind.allCases {
            try await through(kind, clock: ShiftedClock(milliseconds: off)) { store, proxy, bucket in
                let key = try ObjectKey.of(bucket, "x")
                // Several at once: each was signed with the wrong time, and only one of them can be the first to correct it.
                try await withThrowingTaskGroup(of: Int64.self) { group in
                    for number in 0..<8 {
                        let key = try ObjectKey.of(bucket, "together/\(number)")
                        group.addTask { try await store.put(key, Scratch.bytes(10)).size }
                    }
                    for try await size in group { #expect(size == 10) }
                }
                #expect(try await store.put(key, Scratch.bytes(10)).size == 10)
                let stored = try #require(try await store.head(key)).storedAt
                #expect(abs(stored - SystemClock().now()) < 300_000)
                // Once the clock's offset is known, no request is repeated.
                let before = proxy.seen.count
                _ = try await store.fetch(key, limit: 10)
                #expect(proxy.seen.count == before + 1)
            }
        }
    }

    @Test(
        "makes a bucket again that was removed, and says when an upload went with it",
        arguments: S3Process.Kind.allCases)
    func removedBucket(_ kind: S3Process.Kind) async throws {
        try await through(kind) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            let upload = try await store.begin(key)
            let ticket = try await upload.append(Scratch.bytes(6 << 20))
            #expect(try await store.removeLeftovers(in: bucket, prefix: "", before: .distant, keeping: []) == 1)
            try await store.deleteBucket(bucket)
            await expectError(.notFound) { _ = try await upload.finish() }
            await expectError(.notFound) { _ = try await store.resume(ticket) }
            let again = try await store.begin(key)
            try await again.append(Scratch.bytes(6 << 20))
            #expect(try await again.finish().size == 6 << 20)
            let small = try ObjectKey.of(Scratch.bucket(), "y")
            #expect(try await store.put(small, Scratch.bytes(1)).size == 1)
        }
    }

    @Test("uses keys that were changed while it runs")
    func changedKeys() async throws {
        try await Scratch.folder { folder in
            let server = try S3Process.running(.swift)
            let path = "\(folder)/secret"
            func write(_ secret: String) throws {
                try Data(secret.utf8).write(to: URL(filePath: path))
                chmod(path, 0o600)
            }
            try write("old")
            try await server.store({ $0.credentials = .secretFile(keyID: server.ready.keyId, path: path) }) { store in
                let bucket = try Scratch.bucket()
                await expectError(.unauthenticated) { _ = try await store.put(.of(bucket, "x"), Scratch.bytes(1)) }
                try write(server.ready.secret)
                #expect(try await store.put(.of(bucket, "x"), Scratch.bytes(1)).size == 1)
            }
        }
    }

    @Test("detects errors in responses with status 200, and unreadable pages")
    func lateErrors() async throws {
        try await through(.moto) { store, proxy, bucket in
            let key = try ObjectKey.of(bucket, "x")
            let upload = try await store.begin(key)
            try await upload.append(Scratch.bytes(6 << 20))
            let late = FaultyProxy.Fault.text("\n \n<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>")
            // The last piece and HEAD succeed; completing fails after its status 200.
            proxy.expect(.pass, .pass, late, late)
            #expect(try await upload.finish().size == 6 << 20)
            for page in [
                "<html><body>Please log in</body></html>", "", "<ListBucketResult><IsTruncated>", "<ListBucketResult/>",
            ] {
                proxy.always(.text(page))
                await expectError(.unavailable) {
                    _ = try await store.list(bucket, prefix: "", continuation: nil, limit: 1)
                }
            }
        }
    }

    @Test("follows no redirects")
    func redirects() async throws {
        try await through(.moto) { store, proxy, bucket in
            proxy.always(
                .reply { _, _ in
                    Array(
                        "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .utf8)
                })
            await expectError(.failedPrecondition) { _ = try await store.head(.of(bucket, "x")) }
        }
    }

    @Test("ends at once when its task is cancelled")
    func cancelled() async throws {
        try await through(.moto) { store, proxy, bucket in
            proxy.always(.silence)
            let key = try ObjectKey.of(bucket, "x")
            let before = proxy.seen.count
            let ended = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do { _ = try await store.head(key) } catch { return error is CancellationError }
                    return false
                }
                while proxy.seen.count == before { await Task.yield() }
                group.cancelAll()
                return await group.next()
            }
            #expect(ended == true)
        }
    }
}

extension FaultyProxy.Fault {
    /// Returns a fault that responds with 200 and this body.
    static func text(_ body: String) -> FaultyProxy.Fault {
        .reply { _, _ in
            Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
        }
    }
}
