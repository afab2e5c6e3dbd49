import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("Names of buckets and objects")
struct NamesTests {
    @Test(
        "bucket names follow S3's rules",
        arguments: [
            "abc", "a-b.c", "0a0", "camera-0191f0c0-0000-7000-8000-000000000000", String(repeating: "a", count: 63),
            "1.2.3.x",
        ])
    func buckets(_ text: String) throws {
        #expect(BucketName(text)?.text == text)
        let encoded = try JSONEncoder().encode([text])
        #expect(try JSONDecoder().decode([BucketName].self, from: encoded).first?.text == text)
    }

    @Test(
        "invalid bucket names are refused",
        arguments: [
            "", "ab", "Abc", "a_b", "-ab", "ab-", ".ab", "ab.", "a..b", "a/b", "192.168.0.1", "ábc", "..", ".uploads",
            "a b", "a\0b", String(repeating: "a", count: 64),
        ])
    func noBuckets(_ text: String) throws {
        #expect(BucketName(text) == nil)
        let encoded = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([BucketName].self, from: encoded) }
    }

    @Test(
        "names that could leave their folder or be changed in transit are refused",
        arguments: [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", "a/.", "a\0b", "a\nb", "a\u{7F}",
            String(repeating: "a", count: 1_025),
        ])
    func noNames(_ text: String) throws {
        #expect(ObjectName(text) == nil)
        let encoded = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([ObjectName].self, from: encoded) }
    }

    @Test("two names are the same when their bytes are")
    func sameNames() throws {
        let (composed, decomposed) = (try #require(ObjectName("\u{E9}")), try #require(ObjectName("e\u{301}")))
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test("objects of the archive have the designed names and are identified by them")
    func archiveObjects() throws {
        let clip = try #require(ClipID("0191F0C0-1234-7000-8000-00000000abcd"))
        let event = try #require(EventID("0191f0c0-1234-7000-8000-00000000abce"))
        let camera = try #require(CameraID("0191f0c0-1234-7000-8000-00000000abcf"))
        #expect(ArchiveObject.clip(clip, part: 7).name.text == "clips/0191f0c0-1234-7000-8000-00000000abcd/7.grdn")
        #expect(ArchiveObject.snapshot(event).name.text == "events/0191f0c0-1234-7000-8000-00000000abce/snapshot.grdn")
        for object in [ArchiveObject.clip(clip, part: 0), .clip(clip, part: 12), .snapshot(event)] {
            #expect(ArchiveObject(name: object.name.text) == object)
        }
        for other in [
            "", "clips", "clips/\(clip)/", "clips/\(clip)/07.grdn", "clips/\(clip)/+7.grdn", "clips/\(clip)/-1.grdn",
            "clips/\(clip.description.uppercased())/7.grdn", "clips/\(clip)/7.grdn/x", "clips/\(clip)/7.mp4",
            "clips/x/7.grdn",
            "events/\(event)/7.grdn", "x/clips/\(clip)/7.grdn",
        ] { #expect(ArchiveObject(name: other) == nil, "\(other)") }

        let bucket = try #require(BucketName("guardian"))
        let object = ArchiveObject.clip(clip, part: 7)
        #expect(
            ArchiveLayout.oneBucket(bucket).key(of: object, camera: camera).description == "guardian/\(object.name)")
        #expect(ArchiveLayout.oneBucket(bucket).object(named: object.name.text) == object)
        #expect(
            ArchiveLayout.bucketPerCamera.key(of: object, camera: camera).description
                == "camera-0191f0c0-1234-7000-8000-00000000abcf/\(object.name)")
        #expect(BucketName(BucketName(camera: camera).text) != nil)
        let below = ArchiveLayout.oneBucket(bucket, below: ObjectName(escaping: "Familie Müller/1"))
        let key = below.key(of: object, camera: camera)
        #expect(key.name.text == "_46amilie_20_4d_c3_bcller_2f1/\(object.name)")
        #expect(below.object(named: key.name.text) == object)
        #expect(below.object(named: object.name.text) == nil)
        #expect(ObjectName(key.name.text) == key.name)
    }

    @Test("different texts never become the same name")
    func escaping() throws {
        let texts = ["a", "A", "_41", "a b", "a_20b", "a/b", "..", ".", "é", "e\u{301}", "_", "__", "a-b", "_5f"]
        let names = try texts.map { try #require(ObjectName(escaping: $0)) }
        #expect(Set(names).count == texts.count)
        for name in names { #expect(ObjectName(name.text) == name) }
        #expect(ObjectName(escaping: "") == nil)
        #expect(ObjectName(escaping: String(repeating: "é", count: 42)) != nil)
        #expect(ObjectName(escaping: String(repeating: "é", count: 43)) == nil)
    }

    @Test(
        "an endpoint is a server and nothing else",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"), ("https://S3.Example.net", "https://s3.example.net"),
            ("https://s3.example.net:443/", "https://s3.example.net"), ("http://[::1]:80", "http://[::1]"),
            ("ftp://x", nil), ("s3.example.net", nil), ("https://user:word@x", nil), ("https://x/path", nil),
            ("https://x?a=b", nil), ("https://", nil), ("", nil), ("https://x:99999", nil), ("https://x:0", nil),
        ] as [(String, String?)])
    func endpoints(_ text: String, _ expected: String?) {
        #expect(S3Endpoint(text)?.description == expected)
    }

    @Test("keys come from a file that nobody else may read, or from the environment")
    func credentials() async throws {
        try await Scratch.folder { folder in
            let path = "\(folder)/secret"
            try Data("  geheim\n".utf8).write(to: URL(filePath: path))
            chmod(path, 0o644)
            let source = S3CredentialSource.secretFile(keyID: "id", path: path)
            await expectError(.permissionDenied) { _ = try source.load() }
            chmod(path, 0o600)
            #expect(try source.load() == S3Credentials(keyID: "id", secret: Secret("geheim")))
            try Data("two words".utf8).write(to: URL(filePath: path))
            await expectError(.unauthenticated) { _ = try source.load() }
            try Data().write(to: URL(filePath: path))
            await expectError(.unauthenticated) { _ = try source.load() }
            await expectError(.unauthenticated) {
                _ = try S3CredentialSource.secretFile(keyID: "id", path: "\(folder)/none").load()
            }
        }
        let variables = ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_SESSION_TOKEN": "c"]
        #expect(
            try S3CredentialSource.environment(variables).load()
                == S3Credentials(keyID: "a", secret: Secret("b"), sessionToken: Secret("c")))
        await expectError(.unauthenticated) { _ = try S3CredentialSource.environment([:]).load() }
    }

    @Test("an HTTP date is parsed as a time")
    func httpDates() {
        #expect(Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT")?.rfc3339 == "1994-11-06T08:49:37.000Z")
        for text in [
            "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
        ] {
            #expect(Timestamp(httpDate: text) == nil, "\(text)")
        }
    }
}
