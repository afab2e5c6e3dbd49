import GuardianArchive
import GuardianCore
import NIOCore
import Synchronization

/// A store that can be down, and counts what was asked of it.
final class SwitchedStore: ObjectStore {
    private let store: any ObjectStore
    private let down = Mutex(false)
    private let attempts = Mutex(0)
    private let upkeep = Mutex(0)

    init(_ store: any ObjectStore) { self.store = store }

    var isDown: Bool {
        get { down.withLock { $0 } }
        set { down.withLock { $0 = newValue } }
    }
    /// How often somebody wanted to write.
    var writes: Int { attempts.withLock { $0 } }

    /// How often somebody looked for what uploads left, and was done.
    var looks: Int { upkeep.withLock { $0 } }

    private func check() throws {
        guard !isDown else { throw GuardianError(.unavailable, "The store is switched off.") }
    }

    func ensureBucket(_ bucket: BucketName) async throws {
        try check()
        try await store.ensureBucket(bucket)
    }

    func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt {
        attempts.withLock { $0 += 1 }
        try check()
        return try await store.put(key, bytes)
    }

    func begin(_ key: ObjectKey) async throws -> any ObjectUpload {
        attempts.withLock { $0 += 1 }
        try check()
        return try await store.begin(key)
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
        return try await store.head(key)
    }

    func delete(_ key: ObjectKey) async throws {
        try check()
        try await store.delete(key)
    }

    func list(
        _ bucket: BucketName, prefix: String, continuation: String?, limit: Int
    ) async throws -> ObjectPage {
        try check()
        return try await store.list(bucket, prefix: prefix, continuation: continuation, limit: limit)
    }

    func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int {
        try check()
        defer { upkeep.withLock { $0 += 1 } }
        return try await store.removeLeftovers(in: bucket, prefix: prefix, before: time, keeping: kept)
    }
}
