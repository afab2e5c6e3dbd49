import Foundation
import GuardianArchive
import GuardianCore
import NIOCore
import GuardianTestKit
import Testing

@Suite("An S3 store")
struct S3StoreSerialTests {
    @Test("is refused with a wrong secret, a wrong key id, by every server", arguments: S3Process.Kind.allCases)
    func wrongKeys(_ kind: S3Process.Kind) async throws {
        let server = try S3Process.running(kind)
        let (id, secret) = (server.ready.keyId, server.ready.secret)
        for (id, secret) in [(id, secret + "x"), ("nobody", secret)] {
            try await server.store({ $0.credentials = .fixed(S3Credentials(keyID: id, secret: Secret(secret))) }) {
                store in
                let key = try ObjectKey.of(Scratch.bucket(), "x")
                await expectError(.unauthenticated) { _ = try await store.put(key, Scratch.bytes(1)) }
                await expectError(.unauthenticated) { _ = try await store.get(key, range: nil) }
            }
        }
    }

    @Test("connects over TLS only to a server with a certificate of its authority")
    func tls() async throws {
        try await Scratch.folder { folder in
            try Certificate.make(in: folder)
            let server = try S3Process(.moto, ["--tls", "\(folder)/server.pem", "\(folder)/server.key"])
            let key = try ObjectKey.of(Scratch.bucket(), "a b/+")
            try await server.store({ $0.authority = "\(folder)/authority.pem" }) { store in
                let receipt = try await store.put(key, Scratch.bytes(2_000_000))
                #expect(receipt.size == 2_000_000)
                #expect(try await store.fetch(key, limit: 2_000_000) == Scratch.bytes(2_000_000))
            }
            try await server.store({ ($0.authority, $0.payload) = ("\(folder)/authority.pem", .unsigned) }) { store in
                let second = try ObjectKey.of(key.bucket, "unsigned")
                _ = try await store.put(second, Scratch.bytes(100_000))
                #expect(try await store.fetch(second, limit: 100_000) == Scratch.bytes(100_000))
            }
            try await server.store { store in
                await expectError(.unavailable) { _ = try await store.head(key) }
            }
            await expectError(.failedPrecondition) {
                try await server.store({ $0.authority = "\(folder)/none.pem" }) { _ in }
            }
        }
    }

    @Test("signs bodies in every way", arguments: S3Configuration.Payload.allCases)
    func payloads(_ payload: S3Configuration.Payload) async throws {
        let server = try S3Process.running(.moto)
        try await server.store({ $0.payload = payload }) { store in
            let bucket = try Scratch.bucket()
            for size in [0, 1, 65_536, 65_537, 131_072, 1_000_000] {
                let key = try ObjectKey.of(bucket, "\(size)")
                _ = try await store.put(key, Scratch.bytes(size))
                #expect(try await store.fetch(key, limit: size) == Scratch.bytes(size))
            }
            let key = try ObjectKey.of(bucket, "grown")
            let upload = try await store.begin(key)
            try await upload.append(Scratch.bytes(11 << 20))
            #expect(try await upload.finish().size == 11 << 20)
            #expect(try await store.fetch(key, limit: 11 << 20) == Scratch.bytes(11 << 20))
        }
    }

    @Test("puts the bucket before the host where it is asked to")
    func virtualHost() async throws {
        let server = try S3Process.running(.moto)
        let port = try server.port
        let bucket = try Scratch.bucket()
        let hosts = ["\(bucket).s3.localhost": "127.0.0.1", "s3.localhost": "127.0.0.1"]
        let names = ["a b+c/é", "clips/x/0.grdn"]
        try await server.store({ $0.style = .virtualHost }, at: "http://s3.localhost:\(port)", resolving: hosts) {
            store in
            for name in names {
                let upload = try await store.begin(.of(bucket, name))
                try await upload.append(Scratch.bytes(6 << 20))
                #expect(try await upload.finish().size == 6 << 20)
                #expect(try await store.fetch(.of(bucket, name), limit: 6 << 20) == Scratch.bytes(6 << 20))
            }
            #expect(try await store.all(bucket, limit: 1).map(\.name) == names)
        }
        try await server.store { store in
            let items = try await store.all(bucket)
            #expect(items.map(\.name) == names)
        }
    }

    @Test("makes presigned URLs that allow reading until they expire")
    func presigned() async throws {
        let server = try S3Process.running(.swift)
        try await server.store { store in
            let key = try ObjectKey.of(Scratch.bucket(), "a b+c/é%20")
            _ = try await store.put(key, Scratch.bytes(1_000))
            let url = store.presignedURL(reading: key, seconds: 60)
            #expect("\(url)" == "…")
            #expect(try await Self.get(url.reveal()) == (200, Data(buffer: Scratch.bytes(1_000))))
            #expect(
                try await Self.get(url.reveal().replacing("X-Amz-Expires=60", with: "X-Amz-Expires=61")).status == 403)
        }
        try await server.store(clock: ShiftedClock(milliseconds: -3_600_000)) { store in
            let old = store.presignedURL(reading: try ObjectKey.of(Scratch.bucket(), "x"), seconds: 60)
            #expect(try await Self.get(old.reveal()).status == 403)
        }
    }

    /// Requests the URL with another HTTP client.
    private static func get(_ url: String) async throws -> (status: Int, body: Data) {
        let process = Process()
        process.executableURL = URL(filePath: S3Process.python)
        process.arguments = [
            "-c",
            "import sys, requests; a = requests.get(sys.argv[1]); sys.stdout.buffer.write(b'%d ' % a.status_code + a.content)",
            url,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let status = Int(String(decoding: bytes.prefix { $0 != 0x20 }, as: UTF8.self)) ?? 0
        return (status, bytes.dropFirst("\(status) ".utf8.count))
    }

    @Test("finds an upload that its ticket does not name after a crash", arguments: S3Process.Kind.allCases)
    func unnamedUpload(_ kind: S3Process.Kind) async throws {
        try await S3Process.running(kind).store { store in
            let bucket = try Scratch.bucket()
            let (key, other) = (try ObjectKey.of(bucket, "clips/x/1"), try ObjectKey.of(bucket, "clips/x/10"))
            let upload = try await store.begin(key)
            let first = await upload.ticket
            try await upload.append(Scratch.bytes(6 << 20))
            let neighbour = try await store.begin(other)
            try await neighbour.append(Scratch.bytes(6 << 20))
            // As if the process crashed before it noted the ticket that `append` returned.
            let again = try await store.resume(first)
            #expect(await again.offset == 0)
            try await again.append(Scratch.bytes(7 << 20, seed: 2))
            #expect(try await again.finish().size == 7 << 20)
            #expect(try await neighbour.finish().size == 6 << 20)
            #expect(try await store.removeLeftovers(in: bucket, prefix: "", before: .distant, keeping: []) == 0)
        }
    }

    @Test(
        "sends HEAD to a server without conditional writes, and relies on them once a server has enforced them",
        arguments: S3Process.Kind.allCases)
    func conditions(_ kind: S3Process.Kind) async throws {
        let server = try S3Process.running(kind)
        let proxy = try FaultyProxy(to: try server.port)
        try await server.store(at: proxy.endpoint) { store in
            let bucket = try Scratch.bucket()
            try await store.ensureBucket(bucket)
            func requests(_ name: String) async throws -> [String] {
                let before = proxy.seen.count
                _ = try? await store.put(.of(bucket, name), Scratch.bytes(1))
                return proxy.seen.dropFirst(before).map { String($0.prefix { $0 != " " }) }
            }
            if kind == .swift {
                #expect(try await requests("a") == ["HEAD", "PUT", "PUT"])
                #expect(try await requests("b") == ["HEAD", "PUT"])
                #expect(try await requests("b") == ["HEAD"])
            } else {
                #expect(try await requests("a") == ["HEAD", "PUT"])
                // Another writer puts the object between HEAD and PUT.
                proxy.expect(.answer(404, code: ""))
                #expect(try await requests("a") == ["HEAD", "PUT", "HEAD"])
                #expect(try await requests("b") == ["PUT"])
                #expect(try await requests("b") == ["PUT", "HEAD"])
            }
        }
    }
}

/// A certificate authority and a server's certificate for 127.0.0.1, made by openssl.
private enum Certificate {
    static func make(in folder: String) throws {
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=Test authority",
            "-keyout", "\(folder)/authority.key", "-out", "\(folder)/authority.pem",
        ])
        try run([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "\(folder)/server.key", "-out", "\(folder)/server.csr",
        ])
        try run([
            "x509", "-req", "-days", "2", "-in", "\(folder)/server.csr", "-CA", "\(folder)/authority.pem", "-CAkey",
            "\(folder)/authority.key",
            "-CAcreateserial", "-copy_extensions", "copy", "-out", "\(folder)/server.pem",
        ])
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw S3Process.Failure(text: "openssl failed.") }
    }
}
