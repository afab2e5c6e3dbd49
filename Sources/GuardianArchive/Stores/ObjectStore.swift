import GuardianCore
import NIOCore

/// Stores sealed objects in a folder or on an S3 server.
///
/// An object is never replaced: a second object with the same key is refused. A store with conditional writes ensures
/// this itself; for others we check before writing, so concurrent writers must use different keys. Transient failures
/// are retried inside. Every error is a `GuardianError`, whose `isRetryable` says whether a later call may succeed.
/// Besides those named: `unavailable` (the store is down, slow or overloaded), `unauthenticated` and `permissionDenied`
/// (keys, rights), `resourceExhausted` (the store is full).
public protocol ObjectStore: Sendable {
    /// How long an answer to the question whether a bucket is still the same one may be believed. A folder may be
    /// mounted and unmounted at any moment; a server stays the one that was configured.
    var identityLifetime: Duration { get }

    /// Returns why the whole store is away, as a sentence for people; `nil` when nothing says so.
    func absence() async -> String?

    /// Returns the time by the store's own clock; `nil` when it has none but this machine's.
    func date(of bucket: BucketName) async throws -> Timestamp?

    /// Creates the bucket when it is missing. Writing does this automatically.
    ///
    /// - Throws: `alreadyExists` when it belongs to another account.
    func ensureBucket(_ bucket: BucketName) async throws

    /// Stores a whole object.
    ///
    /// - Throws: `alreadyExists` when another object has the key.
    func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt

    /// Begins an upload whose bytes come one piece after another.
    ///
    /// - Throws: `alreadyExists` when another object has the key.
    func begin(_ key: ObjectKey) async throws -> any ObjectUpload

    /// Continues an upload of an earlier process, from its `offset`.
    ///
    /// - Throws: `notFound` when the store no longer has the upload: begin it again. `alreadyExists` when another
    ///   object has the key.
    func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload

    /// Opens an object for reading, all of it or a range of its bytes.
    ///
    /// - Parameter range: not empty and within the object.
    /// - Throws: `notFound` when there is none, `outOfRange` when the range is not within it.
    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent

    /// Returns what the store knows about an object; `nil` when there is none.
    func head(_ key: ObjectKey) async throws -> ObjectReceipt?

    /// Deletes an object. Does nothing when there is none.
    func delete(_ key: ObjectKey) async throws

    /// Lists the objects of a bucket whose names begin with `prefix`, ordered by the bytes of their names. A missing
    /// bucket is empty.
    ///
    /// - Parameters:
    ///   - continuation: `next` of the page before; `nil` for the first.
    ///   - limit: 1 to 1,000; a page may hold fewer although more follow.
    func list(_ bucket: BucketName, prefix: String, continuation: String?, limit: Int) async throws -> ObjectPage

    /// Removes abandoned uploads: those that began before `time` and are not among `kept`. Their process crashed before
    /// it could finish or abort them, or before it had recorded that they exist.
    ///
    /// - Parameter prefix: removes only uploads of names that begin with it, because others may use the bucket too.
    ///   Ignored by a folder, where all uploads are ours.
    /// - Returns: how many were removed.
    func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int

    /// Closes connections. The store must not be used afterwards.
    func close() async throws
}

extension ObjectStore {
    public var identityLifetime: Duration { .zero }

    public func absence() async -> String? { nil }

    public func date(of bucket: BucketName) async throws -> Timestamp? { nil }

    public func close() async throws {}

    /// Returns the whole object.
    ///
    /// - Throws: `outOfRange` when it is larger than `limit` bytes, and what `get` throws.
    public func fetch(_ key: ObjectKey, limit: Int) async throws -> ByteBuffer {
        let content = try await get(key, range: nil)
        guard content.size <= limit else {
            throw GuardianError(.outOfRange, "The object \(key) has \(content.size) bytes, more than \(limit).")
        }
        var whole = ByteBuffer()
        whole.reserveCapacity(Int(content.size))
        for try await piece in content.pieces { whole.writeImmutableBuffer(piece) }
        return whole
    }
}
