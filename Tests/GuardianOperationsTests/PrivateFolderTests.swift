import Foundation
import GuardianCore
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("A folder for sockets")
struct PrivateFolderTests {
    private let folder = TemporaryFolder()

    /// A place like `/tmp`.
    private func shared() throws -> String {
        let path = folder.path("tmp")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try #require(chmod(path, 0o1777) == 0)
        return path
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("is made for this user alone, and used again")
    func created() throws {
        let path = try shared() + "/guardian-0"
        #expect(PrivateFolder.isUsable(path))
        for _ in 0..<2 { try PrivateFolder.create(path) }
        #expect(mode(path) == 0o700 && PrivateFolder.isUsable(path))
    }

    @Test("is refused where everybody may make folders and it is a link, a file, or open to others")
    func refused() throws {
        let place = try shared()
        let mine = folder.path("mine")
        try PrivateFolder.create(mine)
        try FileManager.default.createSymbolicLink(atPath: place + "/link", withDestinationPath: mine)
        try Data().write(to: URL(filePath: place + "/file"))
        try FileManager.default.createDirectory(atPath: place + "/open", withIntermediateDirectories: false)
        try #require(chmod(place + "/open", 0o770) == 0)
        for name in ["link", "file", "open"] {
            #expect(!PrivateFolder.isUsable(place + "/" + name))
            let error = #expect(throws: GuardianError.self) { try PrivateFolder.create(place + "/" + name) }
            #expect(error?.code == .permissionDenied && error?.message.contains(place) == true)
        }
    }

    @Test("is refused when it is another user's", .enabled(if: geteuid() == 0, "only root can give a folder away"))
    func foreign() throws {
        let path = try shared() + "/guardian-0"
        try PrivateFolder.create(path)
        try #require(chown(path, 65_534, 65_534) == 0)
        #expect(!PrivateFolder.isUsable(path))
        #expect(throws: GuardianError.self) { try PrivateFolder.create(path) }
    }

    @Test("may be open to others in a place where only trusted users make folders, and be such a place itself")
    func trusted() throws {
        let place = try shared()
        try #require(chmod(folder.url.path, 0o755) == 0)
        try PrivateFolder.create(place)
        #expect(mode(place) == 0o777)
    }
}
