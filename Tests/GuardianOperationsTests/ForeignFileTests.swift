import Foundation
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("A file of a folder that belongs to another user")
struct ForeignFileTests {
    private let folder = TemporaryFolder()

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.path(name)
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private func refusal(_ path: String, limit: Int = 100) -> GuardianError.Code? {
        do throws(GuardianError) {
            _ = try ForeignFile.read(path, limit: limit)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("is read when it is no link")
    func plain() throws {
        let path = try write("local.token", "token\n")
        #expect(try ForeignFile.read(path, limit: 6) == Array("token\n".utf8))
    }

    @Test("is refused when it is a link to what only the reader may read")
    func link() throws {
        let secret = try write("shadow", "hunter2")
        let path = folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: secret)
        #expect(refusal(path) == .failedPrecondition)
        #expect(refusal(folder.path("missing")) == .notFound)
    }

    @Test("is refused when it is no file, or too long, without waiting for it")
    func kinds() throws {
        let pipe = folder.path("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(refusal(pipe) == .failedPrecondition)
        #expect(refusal(folder.url.path) == .failedPrecondition)
        #expect(refusal(try write("long", "1234567"), limit: 6) == .failedPrecondition)
    }

    @Test("is refused when it is a second name of another file")
    func hardLink() throws {
        let secret = try write("shadow", "hunter2")
        #expect(refusal(secret) == nil)
        try FileManager.default.linkItem(atPath: secret, toPath: folder.path("local.token"))
        #expect(refusal(folder.path("local.token")) == .failedPrecondition)
    }
}
