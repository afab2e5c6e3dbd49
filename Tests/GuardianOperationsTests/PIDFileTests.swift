import Foundation
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("The file with a process's id")
struct PIDFileTests {
    private let folder = TemporaryFolder()

    @Test("is removed by its own process, and not by the one before it that still ends")
    func successor() throws {
        let path = folder.path("pid")
        let file = PIDFile(path: path)
        try file.write(41)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "41\n")
        try file.write(42)
        file.remove(41)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "42\n")
        file.remove(42)
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
