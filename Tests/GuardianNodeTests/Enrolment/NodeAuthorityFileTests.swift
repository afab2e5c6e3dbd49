import Foundation
import GuardianCore
import GuardianNode
import GuardianTestKit
import Testing

@Suite("The file of a node's authority")
struct NodeAuthorityFileTests {
    private let folder = TemporaryFolder()
    private var file: NodeAuthorityFile { NodeAuthorityFile(state: folder.url.path) }

    @Test("is made once, for its owner alone, whoever comes first")
    func once() async throws {
        let made = try await withThrowingTaskGroup(of: Hash256.self) { group in
            for _ in 0..<8 { group.addTask { try file.open().fingerprint() } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(made.count == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["node-authority.pem"])
    }

    @Test("is never replaced when it is damaged or others may read it")
    func damaged() throws {
        let before = try file.open().fingerprint()
        chmod(file.path, 0o640)
        #expect(throws: GuardianError.self) { try file.open() }
        chmod(file.path, 0o600)
        #expect(try file.open().fingerprint() == before)
        try Data("nothing".utf8).write(to: URL(filePath: file.path))
        let error = #expect(throws: GuardianError.self) { try file.open() }
        #expect(error?.code == .dataLoss)
        #expect(FileManager.default.contents(atPath: file.path) == Data("nothing".utf8))
    }
}
