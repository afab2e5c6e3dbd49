import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("A store that is opened later")
struct DeferredStoreSerialTests {
    private let folder = TemporaryFolder()

    private func key() throws -> ObjectKey {
        ObjectKey(bucket: try #require(BucketName("guardian")), name: try #require(ObjectName("a")))
    }

    @Test("refuses the start, and each use, when it can never be opened")
    func never() async throws {
        let store = DeferredStore { throw GuardianError(.unimplemented, "There are no hard links.") }
        let key = try key()
        let atStart = await #expect(throws: GuardianError.self) { try await store.prepare() }
        #expect(atStart?.code == .unimplemented)
        let atUse = await #expect(throws: GuardianError.self) { try await store.head(key) }
        #expect(atUse?.code == .unimplemented)
    }

    @Test(
        "lets the node start with what may pass, and is opened once it has",
        arguments: [GuardianError.Code.permissionDenied, .failedPrecondition, .resourceExhausted])
    func later(code: GuardianError.Code) async throws {
        let isMended = Watermark(0)
        let path = folder.path("objects")
        let store = DeferredStore {
            guard isMended.value > 0 else { throw GuardianError(code, "Not now.") }
            return try DirectoryStore(folder: path)
        }
        let key = try key()
        try await store.prepare()
        let error = await #expect(throws: GuardianError.self) { try await store.head(key) }
        #expect(error?.code == .unavailable)
        isMended.advance(to: 1)
        #expect(try await store.head(key) == nil)
    }

    @Test("lets the node start although its disk does not answer", .timeLimit(.minutes(10)))
    func hangs() async throws {
        let (answers, isOpened) = (Watermark(0), Watermark(0))
        let path = folder.path("objects")
        let store = DeferredStore {
            while answers.value == 0 { usleep(1_000) }
            defer { isOpened.advance(to: 1) }
            return try DirectoryStore(folder: path)
        }
        try await store.prepare(within: .milliseconds(10))
        #expect(isOpened.value == 0)
        answers.advance(to: 1)
        try await isOpened.wait(beyond: 0)
        #expect(try await store.head(key()) == nil)
    }
}
