import Foundation
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("Bytes of a file")
struct FileBytesTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    private func withFile(_ flags: Int32 = O_RDWR | O_CREAT, _ body: (Int32) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let descriptor = open(folder.appending(path: "file").path, flags | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try body(descriptor)
    }

    @Test("are read from any place, and fewer only at the end")
    func reading() throws {
        try withFile { file in
            let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
            try content.withUnsafeBytes { try FileBytes.write(file, $0, at: 0) }
            #expect(try FileBytes.read(file, at: 0, count: 100_000) == content)
            #expect(try FileBytes.read(file, at: 99_990, count: 100) == Array(content.suffix(10)))
            #expect(try FileBytes.read(file, at: 200_000, count: 1).isEmpty)
            #expect(try FileBytes.read(file, at: 0, count: 0).isEmpty && FileBytes.read(file, at: 0, count: -1).isEmpty)
        }
    }

    @Test("are written where they belong, or appended")
    func writing() throws {
        try withFile { file in
            try Array("…guardian".utf8).withUnsafeBytes { try FileBytes.append(file, $0) }
            try Array(" ok".utf8).withUnsafeBytes { try FileBytes.append(file, $0) }
            try Array("GUARD".utf8).withUnsafeBytes { try FileBytes.write(file, $0, at: 3) }
            #expect(String(decoding: try FileBytes.read(file, at: 0, count: 99), as: UTF8.self) == "…GUARDian ok")
        }
    }

    @Test("that cannot be read or written give the operating system's reason")
    func failures() throws {
        try withFile(O_WRONLY | O_CREAT) { file in
            #expect(throws: SystemFailure(EBADF)) { try FileBytes.read(file, at: 0, count: 1) }
            #expect(throws: SystemFailure(EINVAL)) { try [1].withUnsafeBytes { try FileBytes.write(file, $0, at: -1) } }
        }
        #expect(SystemFailure(ENOSPC).description.contains("space"))
    }
}
