import GuardianCore
import GuardianOperations

/// How to reach a server that speaks S3.
public struct S3Configuration: Sendable {
    /// Where the bucket's name is in a URL.
    public enum Style: String, Sendable, Hashable, CaseIterable {
        /// `https://host/bucket/name`: supported by every server, except for new buckets at Amazon.
        case path
        /// `https://bucket.host/name`
        case virtualHost = "virtual-host"
    }

    /// How a body is covered by its request's signature.
    public enum Payload: String, Sendable, Hashable, CaseIterable {
        /// By its SHA-256: supported by every server.
        case hashed
        /// Chunk by chunk while it is sent (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`): the first byte does not wait for the
        /// hash.
        case streamed
        /// Not covered, because TLS protects it. Without TLS it is hashed.
        case unsigned
    }

    public var endpoint: S3Endpoint
    public var region: String
    public var style: Style
    public var credentials: S3CredentialSource
    /// A PEM file with the certificate authorities that verify the server's certificate; the system's when `nil`.
    public var authority: String?
    public var payload: Payload
    /// Bytes of one part of a multipart upload, 5 MiB to 5 GiB (Amazon S3, "multipart upload limits"). Each open upload
    /// may buffer this much in memory.
    public var partSize: Int { didSet { partSize = min(max(partSize, Self.smallestPart), 5 << 30) } }
    /// How transient failures are retried within one call.
    public var retry: Retry
    /// An attempt fails when nothing was sent or received for this long.
    public var silence: Duration

    public static let smallestPart = 5 << 20

    public init(
        endpoint: S3Endpoint, region: String = "us-east-1", style: Style = .path,
        credentials: S3CredentialSource = .environment, authority: String? = nil, payload: Payload = .hashed,
        partSize: Int = S3Configuration.smallestPart,
        retry: Retry = Retry(backoff: Backoff(base: .milliseconds(200), limit: .seconds(5)), deadline: .seconds(30)),
        silence: Duration = .seconds(20)
    ) {
        self.endpoint = endpoint
        self.region = region
        self.style = style
        self.credentials = credentials
        self.authority = authority
        self.payload = payload
        self.partSize = min(max(partSize, Self.smallestPart), 5 << 30)
        self.retry = retry
        self.silence = silence
    }
}
