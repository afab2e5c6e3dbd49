import Foundation
import GuardianArchive
import GuardianCore
import GuardianOperations
import Logging
import NIOCore
import Testing

/// The object stores to which the same contract applies.
enum StoreKind: Sendable, CaseIterable, CustomTestStringConvertible {
    case folder, moto, swift

    var testDescription: String { "\(self)" }

    /// Runs `body` with a store of this kind and the name of a bucket that no other test uses. The bucket does not exist
    /// yet.
    func run(_ body: (any ObjectStore, BucketName) async throws -> Void) async throws {
        switch self {
        case .folder:
            try await Scratch.folder { try await body(try DirectoryStore(folder: "\($0)/objects"), Scratch.bucket()) }
        case .moto: try await S3Process.running(.moto).store { try await body($0, Scratch.bucket()) }
        case .swift: try await S3Process.running(.swift).store { try await body($0, Scratch.bucket()) }
        }
    }
}

enum Scratch {
    static func folder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "stores-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    static func synchronous(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "stores-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    static func bucket() throws -> BucketName {
        try #require(BucketName("test-\(UUID().uuidString.lowercased())"))
    }

    /// Returns the same bytes on every run; they cannot be compressed.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> ByteBuffer {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var bytes = [UInt8](repeating: 0, count: count)
        for index in bytes.indices {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes[index] = UInt8(truncatingIfNeeded: state >> 32)
        }
        return ByteBuffer(bytes: bytes)
    }

    /// Short timeouts, so that tests of failures are fast.
    static let retry = Retry(
        backoff: Backoff(base: .milliseconds(5), limit: .milliseconds(40)), deadline: .seconds(20), attempts: 4)
}

extension S3Process {
    /// - Parameter proxy: the endpoint to send requests to instead.
    func configuration(at proxy: String? = nil) throws -> S3Configuration {
        S3Configuration(
            endpoint: try #require(S3Endpoint(proxy ?? ready.endpoint)), region: ready.region,
            credentials: .fixed(S3Credentials(keyID: ready.keyId, secret: Secret(ready.secret))), retry: Scratch.retry)
    }

    var port: UInt16 { get throws { try #require(URL(string: ready.endpoint)?.port.flatMap(UInt16.init(exactly:))) } }

    func store(
        _ change: (inout S3Configuration) -> Void = { _ in }, at proxy: String? = nil,
        clock: any WallClock = SystemClock(),
        resolving hosts: [String: String] = [:], _ body: (S3Store) async throws -> Void
    ) async throws {
        var configuration = try configuration(at: proxy)
        change(&configuration)
        let store = try S3Store(
            configuration, clock: clock, resolving: hosts,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        do {
            try await body(store)
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }
}

extension ObjectKey {
    static func of(_ bucket: BucketName, _ name: String) throws -> ObjectKey {
        ObjectKey(bucket: bucket, name: try #require(ObjectName(name), "\(name)"))
    }
}

extension ObjectStore {
    func all(_ bucket: BucketName, prefix: String = "", limit: Int = 1_000) async throws -> [ObjectPage.Item] {
        var (items, next) = ([ObjectPage.Item](), String?.none)
        repeat {
            let page = try await list(bucket, prefix: prefix, continuation: next, limit: limit)
            #expect(page.items.count <= limit)
            items += page.items
            next = page.next
        } while next != nil
        return items
    }
}

/// Runs `body` and expects an error of this code.
func expectError(
    _ code: GuardianError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was refused, where \(code) was due", sourceLocation: sourceLocation)
    } catch let error as GuardianError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
}
