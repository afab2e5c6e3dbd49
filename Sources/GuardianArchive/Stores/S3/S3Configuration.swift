import GuardianCore
import GuardianOperations

/// How to reach a server that speaks S3.
public struct S3Configuration: Sendable {
    /// Where the bucket's name stands in a URL.
    public enum Style: String, Sendable, Hashable, CaseIterable {
        /// `https://host/bucket/name`: every server takes it but new buckets of Amazon's.
        case path
        /// `https://bucket.host/name`
        case virtualHost = "virtual-host"
    }

    /// How a body is covered by its request's signature.
    public enum Payload: String, Sendable, Hashable, CaseIterable {
        /// By its SHA-256: every server takes it.
        case hashed
        /// Piece by piece while it goes out (`STREAMING-AWS4-HMAC-SHA256-PAYLOAD`): the first byte waits for no hash.
        case streamed
        /// Not at all: TLS protects it. Without TLS it is hashed all the same.
        case unsigned
    }

    public var endpoint: S3Endpoint
    public var region: String
    public var style: Style
    public var credentials: S3CredentialSource
    /// A PEM file with the authorities that the server's certificate is checked by; the system's when `nil`.
    public var authority: String?
    public var payload: Payload
    /// Bytes of a part of a growing object, 5 MiB to 5 GiB (Amazon S3, "multipart upload limits"): so much of each open
    /// upload may wait in memory.
    public var partSize: Int { didSet { partSize = min(max(partSize, Self.smallestPart), 5 << 30) } }
    /// When and how long failures that may pass are tried again within one call.
    public var retry: Retry
    /// A try is given up when nothing has come or gone for so long.
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
