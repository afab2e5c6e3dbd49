import Foundation
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("A small file that is written whole")
struct DurabilityTests {
    private let folder = TemporaryFolder()

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path(name), encoding: .utf8)
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.url.path) }

    @Test("has the new content and its mode, whatever a crash left, and nothing lies beside it")
    func replaced() throws {
        let path = folder.path("file")
        try Data("left by a crash".utf8).write(to: URL(filePath: path + ".new"))
        for text in ["old", "new and longer", ""] {
            try Durability.replace(path, with: text.utf8)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data(text.utf8))
        }
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try names() == ["file"])
    }

    @Test("stays as it was when it cannot be replaced")
    func failed() throws {
        let path = folder.path("folder")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        #expect(throws: SystemFailure.self) { try Durability.replace(path, with: [1]) }
        #expect(try names() == ["folder"])
    }

    @Test("leaves the old one when it may only be created")
    func created() throws {
        try Durability.create(folder.path("note"), with: "old".utf8)
        #expect(throws: SystemFailure(EEXIST)) { try Durability.create(folder.path("note"), with: "new".utf8) }
        #expect(try text("note") == "old")
        #expect(try names() == ["note"])
    }

    @Test("has one creator of many")
    func raced() async throws {
        let path = folder.path("note")
        let created = await withTaskGroup(of: Int?.self) { group in
            for writer in 0..<32 {
                group.addTask {
                    do { try Durability.create(path, with: "\(writer)".utf8) } catch { return nil }
                    return writer
                }
            }
            var created: [Int] = []
            for await writer in group { if let writer { created.append(writer) } }
            return created
        }
        try #require(created.count == 1)
        #expect(try text("note") == "\(created[0])")
        #expect(try names() == ["note"])
    }

    @Test("says why it cannot be written")
    func refused() {
        #expect(throws: SystemFailure(ENOENT)) { try Durability.create(folder.path("none/note"), with: "".utf8) }
        #expect(throws: SystemFailure(ENOENT)) { try Durability.replace(folder.path("none/note"), with: "".utf8) }
    }
}
