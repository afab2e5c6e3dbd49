import Foundation
import GuardianCore
import Logging
import NIOCore
import Synchronization

/// Stores objects on an S3 server (Amazon S3's REST API, version 2006-03-01).
public struct S3Store: ObjectStore {
    let client: S3Client
    let conditions: ConditionalWrites

    /// - Parameters:
    ///   - clock: the machine's clock; corrected by the server's responses.
    ///   - hosts: addresses to use for host names instead of asking DNS; for tests.
    /// - Throws: `unauthenticated` or `permissionDenied` when the keys cannot be read, `failedPrecondition` when the
    ///   certificate authority cannot.
    public init(
        _ configuration: S3Configuration, clock: any WallClock = SystemClock(), resolving hosts: [String: String] = [:],
        logger: Logger
    ) throws {
        client = try S3Client(configuration, clock: clock, resolving: hosts, logger: logger)
        conditions = ConditionalWrites()
    }

    public var identityLifetime: Duration { .seconds(60) }

    public func date(of bucket: BucketName) async throws -> Timestamp? {
        try await client.send(S3Request("HEAD", bucket: bucket), "The bucket \(bucket) cannot be checked") {
            answer throws(S3Failure) in answer.headers.first(name: "Date").flatMap(Timestamp.init(httpDate:))
        }
    }

    public func close() async throws { try await client.close() }

    public func ensureBucket(_ bucket: BucketName) async throws {
        do {
            return try await client.send(S3Request("HEAD", bucket: bucket), "The bucket \(bucket) cannot be checked")
        } catch let error as GuardianError where error.code == .notFound {}
        let region = client.configuration.region
        // us-east-1 is the default and must not be named.
        let body =
            region == "us-east-1"
            ? ByteBuffer()
            : ByteBuffer(
                string:
                    "<CreateBucketConfiguration xmlns=\"\(Self.namespace)\"><LocationConstraint>\(region)</LocationConstraint></CreateBucketConfiguration>"
            )
        do {
            try await client.send(
                S3Request("PUT", bucket: bucket, body: body), "The bucket \(bucket) cannot be created")
        } catch let error as GuardianError where error.s3?.code == "BucketAlreadyOwnedByYou" {}
    }

    /// Removes an empty bucket.
    package func deleteBucket(_ bucket: BucketName) async throws {
        try await client.send(S3Request("DELETE", bucket: bucket), "The bucket \(bucket) cannot be deleted")
    }

    static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

    public func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt {
        try await put(bytes, as: UploadTicket.new(key))
    }

    public func head(_ key: ObjectKey) async throws -> ObjectReceipt? { try await find(key)?.receipt }

    /// Returns the object with this key and the mark of its upload; `nil` when there is none.
    func find(_ key: ObjectKey) async throws -> (receipt: ObjectReceipt, mark: String?)? {
        do {
            let now = client.time.now()
            return try await client.send(S3Request("HEAD", key), "The object \(key) cannot be checked") {
                answer throws(S3Failure) in
                guard let length = answer.headers.first(name: "Content-Length"), let size = Int64(length), size >= 0
                else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
                let stored = answer.headers.first(name: "Last-Modified").flatMap(Timestamp.init(httpDate:))
                return (
                    ObjectReceipt(key: key, size: size, etag: answer.etag ?? "", storedAt: stored ?? now),
                    answer.headers.first(name: Self.markHeader)
                )
            }
        } catch let error as GuardianError where error.code == .notFound {
            return nil
        }
    }

    /// The header that holds an upload's mark.
    static let markHeader = "x-amz-meta-guardian-upload"

    public func delete(_ key: ObjectKey) async throws {
        do {
            try await client.send(S3Request("DELETE", key), "The object \(key) cannot be deleted")
        } catch let error as GuardianError where error.code == .notFound {}
    }

    /// Returns a URL with which anyone can read the object until it expires. It is as secret as a key.
    ///
    /// - Parameter seconds: 1 to 604,800, a week.
    public func presignedURL(reading key: ObjectKey, seconds: Int) -> Secret<String> {
        let endpoint = client.configuration.endpoint
        let target = S3Target(S3Request("GET", key), endpoint: endpoint, style: client.configuration.style)
        let query = client.signer.presignedQuery(
            for: "GET", target, seconds: min(max(1, seconds), 604_800), at: client.time.now())
        return Secret("\(endpoint.isSecure ? "https" : "http")://\(target.host)\(target.path)?\(query)")
    }
}
