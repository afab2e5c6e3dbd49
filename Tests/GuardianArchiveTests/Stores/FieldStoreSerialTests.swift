import Foundation
import GuardianArchive
import GuardianCore
import GuardianTestKit
import NIOCore
import Testing

@Suite("An S3 store of the field")
struct FieldStoreSerialTests {
    /// Runs `body` with a store that reaches moto through a proxy with a habit of other servers.
    private func through(
        _ habit: FaultyProxy.Fault, payload: S3Configuration.Payload = .hashed,
        _ body: (S3Store, FaultyProxy, BucketName) async throws -> Void
    ) async throws {
        let server = try S3Process.running(.moto)
        let proxy = try FaultyProxy(to: try server.port)
        try await server.store({ $0.payload = payload }, at: proxy.endpoint) { store in
            let bucket = try Scratch.bucket()
            try await store.ensureBucket(bucket)
            proxy.always(habit)
            try await body(store, proxy, bucket)
        }
    }

    private func storesSmallAndLarge(_ store: S3Store, _ bucket: BucketName) async throws {
        let (small, large) = (try ObjectKey.of(bucket, "small"), try ObjectKey.of(bucket, "large"))
        #expect(try await store.put(small, Scratch.bytes(100_000)).size == 100_000)
        let upload = try await store.begin(large)
        try await upload.append(Scratch.bytes(11 << 20))
        #expect(try await upload.finish().size == 11 << 20)
        #expect(try await store.fetch(small, limit: 100_000) == Scratch.bytes(100_000))
        #expect(try await store.fetch(large, limit: 11 << 20) == Scratch.bytes(11 << 20))
    }

    @Test("sends each object and part with its checksum", arguments: S3Configuration.Payload.allCases)
    func checksums(_ payload: S3Configuration.Payload) async throws {
        let lacksChecksum: @Sendable (String) -> Bool = { head in
            head.hasPrefix("PUT /test-") && !head.lowercased().contains("\r\ncontent-md5: ")
        }
        try await through(.refuse(400, code: "InvalidRequest", when: lacksChecksum), payload: payload) {
            store, _, bucket in
            try await storesSmallAndLarge(store, bucket)
        }
    }

    @Test("its checksums are right for a server that checks them")
    func rightChecksums() async throws {
        try await S3Process.running(.swift).store { store in
            let bucket = try Scratch.bucket()
            try await store.ensureBucket(bucket)
            try await storesSmallAndLarge(store, bucket)
        }
    }

    @Test("stores in a bucket with default retention")
    func retention() async throws {
        let server = try S3Process.running(.moto)
        let bucket = try Scratch.bucket()
        let script = """
            import sys
            from botocore.session import get_session
            _, endpoint, key, secret, region, bucket = sys.argv
            s3 = get_session().create_client("s3", endpoint_url=endpoint, aws_access_key_id=key,
                aws_secret_access_key=secret, region_name=region)
            s3.create_bucket(Bucket=bucket, ObjectLockEnabledForBucket=True)
            s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}})
            """
        let ready = server.ready
        try Tool.run(
            S3Process.python, ["-c", script, ready.endpoint, ready.keyId, ready.secret, ready.region, bucket.text])
        try await server.store { store in try await storesSmallAndLarge(store, bucket) }
    }

    @Test(
        "finds out once that a server does not know If-None-Match, and then stores without it",
        arguments: [(400, "InvalidArgument"), (400, ""), (501, "NotImplemented"), (501, "")])
    func unknownCondition(status: Int, code: String) async throws {
        let isConditional: @Sendable (String) -> Bool = { $0.lowercased().contains("\r\nif-none-match:") }
        try await through(.refuse(status, code: code, when: isConditional)) { store, proxy, bucket in
            try await storesSmallAndLarge(store, bucket)
            let before = proxy.seen.count
            _ = try await store.put(.of(bucket, "more"), Scratch.bytes(1))
            #expect(proxy.seen.dropFirst(before).map { String($0.prefix { $0 != " " }) } == ["HEAD", "PUT"])
            await expectError(.alreadyExists) { _ = try await store.put(.of(bucket, "more"), Scratch.bytes(2)) }
        }
    }

    @Test("that refuses an object itself is not taken for one that does not know the condition")
    func refusedAnyway() async throws {
        try await through(.refuse(400, code: "EntityTooLarge", when: { $0.hasPrefix("PUT") })) { store, proxy, bucket in
            await expectError(.invalidArgument) { _ = try await store.put(.of(bucket, "x"), Scratch.bytes(1)) }
            proxy.always(nil)
            _ = try await store.put(.of(bucket, "x"), Scratch.bytes(1))
            // Another writer is faster: the condition is still sent.
            proxy.expect(.answer(404, code: ""))
            await expectError(.alreadyExists) { _ = try await store.put(.of(bucket, "x"), Scratch.bytes(2)) }
        }
    }

    @Test("stores with keys that may not list, which are told 403 for what does not exist")
    func withoutList() async throws {
        try await through(.withoutList) { store, _, bucket in
            try await storesSmallAndLarge(store, bucket)
            await expectError(.alreadyExists) { _ = try await store.put(.of(bucket, "small"), Scratch.bytes(2)) }
            await expectError(.permissionDenied) { _ = try await store.head(.of(bucket, "nothing")) }
            let upload = try await store.begin(.of(bucket, "resumed"))
            let early = await upload.ticket
            try await upload.append(Scratch.bytes(6 << 20))
            await expectError(.notFound) { _ = try await store.resume(upload.ticket) }
            let again = try await store.resume(early)
            try await again.append(Scratch.bytes(6 << 20))
            #expect(try await again.finish().size == 6 << 20)
        }
    }

    @Test("that allows nothing is not written to in silence")
    func withoutAnything() async throws {
        try await through(.answer(403, code: "AccessDenied")) { store, _, bucket in
            await expectError(.permissionDenied) { _ = try await store.put(.of(bucket, "x"), Scratch.bytes(1)) }
        }
    }
}
