import Foundation
import GuardianArchive
import GuardianCore
import NIOCore
import Testing

@Suite("Signature Version 4")
struct SigningTests {
    private static let signer = S3Signer(
        credentials: S3Credentials(
            keyID: "AKIAIOSFODNN7EXAMPLE", secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
        region: "us-east-1")
    /// 2013-05-24T00:00:00Z
    private static let time = Timestamp(milliseconds: 1_369_353_600_000)
    private static let host = "examplebucket.s3.amazonaws.com"
    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    struct Published: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var method = "GET"
        var path = "/"
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var payload = SigningTests.emptyHash
        var signature: String
    }

    /// AWS, "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk", its examples.
    static let published = [
        Published(
            testDescription: "GET object", path: "/test.txt", headers: [("Range", "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        Published(
            testDescription: "PUT object", method: "PUT", path: "/test%24file.text",
            headers: [
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], payload: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        Published(
            testDescription: "GET bucket lifecycle", query: [("lifecycle", "")],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        Published(
            testDescription: "GET bucket (list objects)", query: [("prefix", "J"), ("max-keys", "2")],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    @Test("is what AWS publishes for its examples", arguments: published)
    func publishedExamples(_ example: Published) {
        let headers = Self.signer.headers(
            for: example.method, S3Target(host: Self.host, path: example.path), query: example.query,
            headers: example.headers, payload: example.payload, at: Self.time)
        #expect(headers.last?.name == "Authorization")
        #expect(headers.last?.value.hasSuffix(", Signature=\(example.signature)") == true)
        #expect(
            headers.last?.value.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ") == true)
    }

    @Test("is what AWS publishes for a URL")
    func publishedURL() {
        let query = Self.signer.presignedQuery(
            for: "GET", S3Target(host: Self.host, path: "/test.txt"), seconds: 86_400, at: Self.time)
        #expect(
            query
                == "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    /// AWS, "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks", its example.
    @Test("is what AWS publishes for a body in chunks")
    func publishedChunks() throws {
        let headers = Self.signer.headers(
            for: "PUT", S3Target(host: "s3.amazonaws.com", path: "/examplebucket/chunkObject.txt"), query: [],
            headers: [
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("Content-Encoding", "aws-chunked"),
                ("x-amz-decoded-content-length", "66560"), ("Content-Length", "66824"),
            ], payload: S3ChunkSigner.payload, at: Self.time)
        let seed = try #require(headers.last?.value.suffix(64))
        #expect(seed == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
        var chunks = S3ChunkSigner(signer: Self.signer, seed: String(seed), at: Self.time)
        let body = [65_536, 1_024, 0].map { chunks.chunk(ByteBuffer(repeating: 0x61, count: $0)) }
        let heads = body.map { String(buffer: $0).prefix { $0 != "\r\n" } }
        #expect(
            heads == [
                "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ])
        #expect(body.reduce(0) { $0 + $1.readableBytes } == 66_824)
        #expect(S3ChunkSigner.framedLength(of: 66_560, pieces: 65_536) == 66_824)
        #expect(String(buffer: body[1]).hasSuffix("aaa\r\n"))
    }

    /// The output of oracle.py.
    struct Oracle: Decodable {
        struct Entry: Decodable {
            var form: String
            var style: String
            var token: String?
            var method: String
            var bucket: String
            var name: String
            var query: [[String]]
            var headers: [[String]]
            var payload: String
            var host: String
            var path: String
            var expected: String
        }

        var keyId: String
        var secret: String
        var region: String
        var time: String
        var endpoint: String
        var entries: [Entry]
    }

    @Test("is botocore's for two hundred awkward names, in headers and in URLs, path style and virtual-host style")
    func botocore() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "oracle.py").path
        let oracle = try JSONDecoder().decode(Oracle.self, from: Script.run(script))
        let endpoint = try #require(S3Endpoint(oracle.endpoint))
        let time = try #require(Timestamp(rfc3339: oracle.time))
        for form in ["header", "query"] { #expect(oracle.entries.count { $0.form == form } >= 200) }
        for entry in oracle.entries {
            let signer = S3Signer(
                credentials: S3Credentials(
                    keyID: oracle.keyId, secret: Secret(oracle.secret), sessionToken: entry.token.map { Secret($0) }),
                region: oracle.region)
            let query = entry.query.map { (name: $0[0], value: $0[1]) }
            let request = S3Request(
                entry.method, bucket: BucketName(entry.bucket), name: entry.name, query: query)
            let target = S3Target(request, endpoint: endpoint, style: entry.style == "path" ? .path : .virtualHost)
            #expect(target == S3Target(host: entry.host, path: entry.path), "\(entry.name)")
            if entry.form == "header" {
                let headers = signer.headers(
                    for: entry.method, target, query: query, headers: entry.headers.map { ($0[0], $0[1]) },
                    payload: entry.payload, at: time)
                #expect(headers.last?.value == entry.expected, "\(entry.name)")
            } else {
                let signed = signer.presignedQuery(for: entry.method, target, query: query, seconds: 3_600, at: time)
                #expect(signed.hasSuffix("&X-Amz-Signature=\(entry.expected)"), "\(entry.name)")
            }
        }
    }

    @Test("keys print as nothing")
    func secrets() throws {
        let credentials = S3Credentials(keyID: "id", secret: Secret("geheim"), sessionToken: Secret("marke"))
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in [
            "\(credentials)", String(reflecting: credentials), dumped, "\(S3CredentialSource.fixed(credentials))",
        ] {
            #expect(!text.contains("geheim") && !text.contains("marke"))
        }
    }
}

/// Runs a Python program of the tests and waits for its end.
enum Script {
    static func run(_ path: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: S3Process.python)
        process.arguments = [path]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw S3Process.Failure(text: "\(path) failed.") }
        return bytes
    }
}
