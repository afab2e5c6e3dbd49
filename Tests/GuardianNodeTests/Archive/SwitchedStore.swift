import GuardianArchive
import GuardianCore
import NIOCore
import Synchronization

/// An object store that the test can switch off, and that counts requests.
final class SwitchedStore: ObjectStore {
    private let store: any ObjectStore
    private let down = Mutex(false)
    private let refused = Mutex(0)
    private let upkeep = Mutex(0)
    private let broken = Mutex(0)

    init(_ store: any ObjectStore) { self.store = store }

    var isDown: Bool {
        get { down.withLock { $0 } }
        set { down.withLock { $0 = newValue } }
    }
    /// How many requests came while it was down.
    var refusals: Int { refused.withLock { $0 } }

    /// How many searches for abandoned uploads were made, which are upkeep's last step.
    var looks: Int { upkeep.withLock { $0 } }

    /// How many of the next uploads will fail at every step.
    var brokenUploads: Int {
        get { broken.withLock { $0 } }
        set { broken.withLock { $0 = newValue } }
    }

    private let listing = Mutex(true)

    /// Whether the keys have the right to list. Without it, S3 servers deny what they do not have, too.
    var mayList: Bool {
        get { listing.withLock { $0 } }
        set { listing.withLock { $0 = newValue } }
    }

    private func checkListing() throws {
        guard !mayList else { return }
        throw GuardianError(.permissionDenied, "The bucket cannot be listed with these keys.")
    }

    private let kept = Mutex<Set<String>>([])
    private let deleting = Mutex<(@Sendable (ObjectKey) async -> Void)?>(nil)

    /// Names of objects that may not be deleted, as under an object lock.
    var locked: Set<String> {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }

    /// Runs before each deletion.
    func beforeDeleting(_ body: (@Sendable (ObjectKey) async -> Void)?) { deleting.withLock { $0 = body } }

    private let looking = Mutex<(@Sendable (ObjectKey) async -> Void)?>(nil)

    /// Runs before each search for an object by its name.
    func beforeLooking(_ body: (@Sendable (ObjectKey) async -> Void)?) { looking.withLock { $0 = body } }

    private func check() throws {
        guard isDown else { return }
        refused.withLock { $0 += 1 }
        throw GuardianError(.unavailable, "The store is switched off.")
    }

    func absence() async -> String? { await store.absence() }

    func ensureBucket(_ bucket: BucketName) async throws {
        try check()
        try await store.ensureBucket(bucket)
    }

    func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt {
        try check()
        return try await store.put(key, bytes)
    }

    func begin(_ key: ObjectKey) async throws -> any ObjectUpload {
        try check()
        let isBroken = broken.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        let upload = try await store.begin(key)
        return isBroken ? BrokenUpload(upload: upload) : upload
    }

    func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload {
        try check()
        return try await store.resume(ticket)
    }

    func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent {
        try check()
        return try await store.get(key, range: range)
    }

    func head(_ key: ObjectKey) async throws -> ObjectReceipt? {
        try check()
        await looking.withLock { $0 }?(key)
        guard let found = try await store.head(key) else {
            try checkListing()
            return nil
        }
        return found
    }

    func delete(_ key: ObjectKey) async throws {
        try check()
        await deleting.withLock { $0 }?(key)
        guard !locked.contains(key.name.text) else {
            throw GuardianError(.permissionDenied, "The object is locked.")
        }
        try await store.delete(key)
    }

    func list(
        _ bucket: BucketName, prefix: String, continuation: String?, limit: Int
    ) async throws -> ObjectPage {
        try check()
        try checkListing()
        return try await store.list(bucket, prefix: prefix, continuation: continuation, limit: limit)
    }

    func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int {
        try check()
        defer { upkeep.withLock { $0 += 1 } }
        try checkListing()
        return try await store.removeLeftovers(in: bucket, prefix: prefix, before: time, keeping: kept)
    }
}

/// An upload that the server has lost, and for which it reports only a general error.
private struct BrokenUpload: ObjectUpload {
    let upload: any ObjectUpload

    var ticket: UploadTicket { get async { await upload.ticket } }
    var offset: Int64 { get async { await upload.offset } }
    var pieceSize: Int { upload.pieceSize }

    func append(_ bytes: ByteBuffer) async throws -> UploadTicket {
        throw GuardianError(.unavailable, "Something is wrong.")
    }

    func finish() async throws -> ObjectReceipt { throw GuardianError(.unavailable, "Something is wrong.") }

    func abort() async throws { try await upload.abort() }
}
