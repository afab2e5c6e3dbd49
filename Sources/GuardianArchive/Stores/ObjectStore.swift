import GuardianCore
import NIOCore

/// A place that keeps sealed objects: a folder, or a server that speaks S3.
///
/// What stands under a key is never replaced: a second object of the same key is refused. Where the store has conditional
/// writes it decides; elsewhere we look first, and two writers at the same instant must be kept apart by their keys.
/// Failures that may pass are tried again inside; what is thrown in the end is a `GuardianError`, whose `isRetryable` says
/// whether a later try may do. Beside those named: `unavailable` (the store is down, slow or overloaded),
/// `unauthenticated` and `permissionDenied` (keys, rights), `resourceExhausted` (the store is full).
public protocol ObjectStore: Sendable {
    /// Makes the bucket when it is not there; writing does so by itself.
    ///
    /// - Throws: `alreadyExists` when it belongs to somebody else.
    func ensureBucket(_ bucket: BucketName) async throws

    /// Stores a whole object.
    ///
    /// - Throws: `alreadyExists` when there is one under this key.
    func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt

    /// Begins an object that grows.
    ///
    /// - Throws: `alreadyExists` when there is one under this key.
    func begin(_ key: ObjectKey) async throws -> any ObjectUpload

    /// Goes on with an upload that an earlier process began; its `offset` says from where.
    ///
    /// - Throws: `notFound` when the store no longer has it: begin anew. `alreadyExists` when another object stands under
    ///   the key.
    func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload

    /// Opens an object for reading, all of it or a range of its bytes.
    ///
    /// - Parameter range: not empty and within the object.
    /// - Throws: `notFound` when there is none, `outOfRange` when the range is not within it.
    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent

    /// What is known of an object; `nil` when there is none.
    func head(_ key: ObjectKey) async throws -> ObjectReceipt?

    /// Removes an object. That there is none is no error.
    func delete(_ key: ObjectKey) async throws

    /// The objects of a bucket whose names begin with `prefix`, in the order of their names' bytes. A bucket that is not
    /// there is empty.
    ///
    /// - Parameters:
    ///   - continuation: `next` of the page before; `nil` for the first.
    ///   - limit: 1 to 1,000; a page may hold fewer though more follow.
    func list(_ bucket: BucketName, prefix: String, continuation: String?, limit: Int) async throws -> ObjectPage

    /// Removes what uploads left that began before `time` and are not among `kept`: their process fell before it could
    /// finish or abort them, or before it had noted that they exist.
    ///
    /// - Parameter prefix: only of names that begin so, since others may use the bucket too. A folder's uploads are all
    ///   ours, whatever their names will be.
    /// - Returns: how many were removed.
    func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int

    /// Lets go of connections. The store is not used after that.
    func close() async throws
}

extension ObjectStore {
    public func close() async throws {}

    /// All of an object.
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
