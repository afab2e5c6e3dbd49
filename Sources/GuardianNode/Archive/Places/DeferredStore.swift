import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianOperations
import NIOCore
import NIOPosix
import Synchronization

/// An object store that is opened at its first use, and tried again at each use as long as that fails: a folder that cannot
/// be created now must not keep the node from receiving entries and parts. `unimplemented` is the failure that no waiting mends.
public final class DeferredStore: ObjectStore {
    private let open: @Sendable () throws -> any ObjectStore
    private let opened = Mutex<(any ObjectStore)?>(nil)

    /// - Parameter open: may block, and may run more than once.
    public init(_ open: @escaping @Sendable () throws -> any ObjectStore) { self.open = open }

    /// Opens the store once, so that what can never work is said at the node's start. Everything else is left to later uses,
    /// a disk that does not answer within `limit` too: it keeps a thread until it answers.
    ///
    /// - Throws: `unimplemented` when the store can never be opened.
    public func prepare(within limit: Duration = .seconds(5)) async throws {
        let ended = Watermark(0)
        let failure = Failure()
        Thread.detachNewThread { [self] in
            do { _ = adopt(try open()) } catch { failure.set(error) }
            ended.advance(to: 1)
        }
        try await ended.wait(beyond: 0, atMost: limit)
        if let error = failure.error as? GuardianError, Self.isPermanent(error) { throw error }
    }

    private static func isPermanent(_ error: GuardianError) -> Bool { error.code == .unimplemented }

    /// Of two stores that were opened at the same moment, one is used.
    private func adopt(_ store: any ObjectStore) -> any ObjectStore {
        opened.withLock { opened in
            let first = opened ?? store
            opened = first
            return first
        }
    }

    /// - Throws: `unavailable` with the reason when the store cannot be opened now, `unimplemented` when it never can.
    private func store() async throws -> any ObjectStore {
        if let store = opened.withLock({ $0 }) { return store }
        do {
            return adopt(try await NIOThreadPool.singleton.runIfActive { [open] in try open() })
        } catch let error as GuardianError where !Self.isPermanent(error) {
            throw GuardianError(.unavailable, error.message, cause: error)
        }
    }

    public func absence() async -> String? {
        do { return await (try store()).absence() } catch {
            return "\(GuardianError.wrap(error, "The archive's store cannot be opened.").message) Uploads wait."
        }
    }

    public var identityLifetime: Duration { opened.withLock { $0 }?.identityLifetime ?? .zero }

    public func date(of bucket: BucketName) async throws -> Timestamp? { try await store().date(of: bucket) }

    public func ensureBucket(_ bucket: BucketName) async throws { try await store().ensureBucket(bucket) }

    public func put(_ key: ObjectKey, _ bytes: ByteBuffer) async throws -> ObjectReceipt {
        try await store().put(key, bytes)
    }

    public func begin(_ key: ObjectKey) async throws -> any ObjectUpload { try await store().begin(key) }

    public func resume(_ ticket: UploadTicket) async throws -> any ObjectUpload { try await store().resume(ticket) }

    public func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent {
        try await store().get(key, range: range)
    }

    public func head(_ key: ObjectKey) async throws -> ObjectReceipt? { try await store().head(key) }

    public func delete(_ key: ObjectKey) async throws { try await store().delete(key) }

    public func list(
        _ bucket: BucketName, prefix: String, continuation: String?, limit: Int
    ) async throws -> ObjectPage {
        try await store().list(bucket, prefix: prefix, continuation: continuation, limit: limit)
    }

    public func removeLeftovers(
        in bucket: BucketName, prefix: String, before time: Timestamp, keeping kept: [UploadTicket]
    ) async throws -> Int {
        try await store().removeLeftovers(in: bucket, prefix: prefix, before: time, keeping: kept)
    }

    public func close() async throws { try await opened.withLock { $0 }?.close() }

    private final class Failure: Sendable {
        private let first = Mutex<(any Error)?>(nil)

        var error: (any Error)? { first.withLock { $0 } }

        func set(_ error: any Error) { first.withLock { $0 = error } }
    }
}
