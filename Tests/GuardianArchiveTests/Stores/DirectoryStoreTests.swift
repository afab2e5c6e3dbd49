import Foundation
import GuardianArchive
import GuardianCore
import NIOCore
import Testing

@Suite("A folder as an object store")
struct DirectoryStoreTests {
    private func inFolder(_ body: (DirectoryStore, BucketName, String) async throws -> Void) async throws {
        try await Scratch.folder { folder in
            try await body(try DirectoryStore(folder: "\(folder)/objects/"), try Scratch.bucket(), "\(folder)/objects")
        }
    }

    private func files(_ folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
        var isFolder: ObjCBool = false
        return all.filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)", isDirectory: &isFolder) && !isFolder.boolValue
        }
        .sorted()
    }

    @Test("keeps objects as files under their names, for its user alone")
    func layout() async throws {
        try await inFolder { store, bucket, folder in
            _ = try await store.put(.of(bucket, "clips/one/0.grdn"), Scratch.bytes(100))
            _ = try await store.put(.of(bucket, "a b/é%"), Scratch.bytes(1))
            #expect(files(folder) == ["\(bucket)/a%20b/%C3%A9%25", "\(bucket)/clips/one/0.grdn"])
            #expect(
                FileManager.default.contents(atPath: "\(folder)/\(bucket)/clips/one/0.grdn")
                    == Data(buffer: Scratch.bytes(100)))
            for path in ["", "/\(bucket)", "/\(bucket)/clips/one", "/\(bucket)/clips/one/0.grdn"] {
                let mode =
                    try FileManager.default.attributesOfItem(atPath: folder + path)[.posixPermissions] as? NSNumber
                #expect((mode?.intValue ?? 0o777) & 0o077 == 0, "\(path)")
            }
            try await store.delete(.of(bucket, "clips/one/0.grdn"))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(bucket)/clips"))
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(bucket)"))
        }
    }

    @Test("shows nothing of an object before it is whole")
    func atomic() async throws {
        try await inFolder { store, bucket, folder in
            let upload = try await store.begin(.of(bucket, "x"))
            try await upload.append(Scratch.bytes(3 << 20))
            #expect(files(folder).allSatisfy { $0.hasPrefix(".uploads/\(bucket)/") } && files(folder).count == 1)
            #expect(try await store.all(bucket).isEmpty)
            _ = try await upload.finish()
            #expect(files(folder) == ["\(bucket)/x"])
        }
    }

    @Test("lists no files but objects")
    func foreignFiles() async throws {
        try await inFolder { store, bucket, folder in
            _ = try await store.put(.of(bucket, "a/b"), Scratch.bytes(1))
            let base = "\(folder)/\(bucket)"
            for name in ["with space", "%2e", "%zz", "%41", "é"] {
                try Data().write(to: URL(filePath: "\(base)/\(name)"))
            }
            try FileManager.default.createSymbolicLink(atPath: "\(base)/link", withDestinationPath: "/etc/passwd")
            try FileManager.default.createSymbolicLink(atPath: "\(base)/loop", withDestinationPath: base)
            mkfifo("\(base)/pipe", 0o600)
            #expect(try await store.all(bucket).map(\.name) == ["a/b"])
            for name in ["link", "pipe", "a"] {
                #expect(try await store.head(.of(bucket, name)) == nil, "\(name)")
                await expectError(name == "link" ? .failedPrecondition : .notFound) {
                    _ = try await store.get(.of(bucket, name), range: nil)
                }
            }
        }
    }

    @Test("refuses an object where a folder stands, and one below an object")
    func conflicts() async throws {
        try await inFolder { store, bucket, folder in
            _ = try await store.put(.of(bucket, "a/b"), Scratch.bytes(1))
            await expectError(.alreadyExists) { _ = try await store.put(.of(bucket, "a"), Scratch.bytes(1)) }
            await expectError(.failedPrecondition) { _ = try await store.put(.of(bucket, "a/b/c"), Scratch.bytes(1)) }
            await expectError(.invalidArgument) {
                _ = try await store.put(.of(bucket, String(repeating: "é", count: 200)), Scratch.bytes(1))
            }
            #expect(files(folder) == ["\(bucket)/a/b"])
        }
    }

    @Test("truncates an upload to its durable bytes when it resumes")
    func cutsToStored() async throws {
        try await inFolder { store, bucket, folder in
            let upload = try await store.begin(.of(bucket, "x"))
            try await upload.append(Scratch.bytes(2 << 20))
            let ticket = try await upload.append(ByteBuffer(repeating: 7, count: 100))
            #expect(ticket.stored == 2 << 20)
            // As if a power cut left other bytes in the file.
            let file = try #require(files(folder).first)
            let handle = try #require(FileHandle(forWritingAtPath: "\(folder)/\(file)"))
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(repeating: 0, count: 5_000))
            try handle.close()
            let again = try await store.resume(ticket)
            #expect(await again.offset == 2 << 20)
            #expect(try await again.finish().size == 2 << 20)
            #expect(try await store.fetch(.of(bucket, "x"), limit: 1 << 22) == Scratch.bytes(2 << 20))
        }
    }

    @Test("completes an upload that crashed between its two names")
    func betweenNames() async throws {
        try await inFolder { store, bucket, folder in
            let upload = try await store.begin(.of(bucket, "x"))
            let ticket = try await upload.append(Scratch.bytes(1 << 20))
            try await store.ensureBucket(bucket)
            let file = try #require(files(folder).first)
            try FileManager.default.linkItem(atPath: "\(folder)/\(file)", toPath: "\(folder)/\(bucket)/x")
            let receipt = try await (try store.resume(ticket)).finish()
            #expect(receipt.size == 1 << 20)
            #expect(files(folder) == ["\(bucket)/x"])
        }
    }

    @Test("reports that its folder cannot be created")
    func noFolder() async throws {
        try await Scratch.folder { folder in
            try Data().write(to: URL(filePath: "\(folder)/file"))
            await expectError(.permissionDenied) { _ = try DirectoryStore(folder: "\(folder)/file/objects") }
        }
    }

    @Test(
        "reports a full disk, and continues when there is room",
        .enabled(if: SmallDisk.isPossible, "needs root"))
    func fullDisk() async throws {
        try await Scratch.folder { folder in
            let disk = try SmallDisk(at: "\(folder)/disk", kilobytes: 1_024)
            let store = try DirectoryStore(folder: "\(disk.path)/objects")
            let bucket = try Scratch.bucket()
            let upload = try await store.begin(.of(bucket, "x"))
            try await upload.append(Scratch.bytes(400_000))
            try Data(repeating: 1, count: 500_000).write(to: URL(filePath: "\(disk.path)/other"))
            await expectError(.resourceExhausted) { try await upload.append(Scratch.bytes(300_000, seed: 2)) }
            await expectError(.resourceExhausted) { _ = try await store.put(.of(bucket, "y"), Scratch.bytes(300_000)) }
            #expect(await upload.offset == 400_000)
            try FileManager.default.removeItem(atPath: "\(disk.path)/other")
            try await upload.append(Scratch.bytes(1, seed: 3))
            #expect(try await upload.finish().size == 400_001)
            #expect(
                try await store.fetch(.of(bucket, "x"), limit: 500_000).getSlice(at: 0, length: 400_000)
                    == Scratch.bytes(400_000))
            #expect(files("\(disk.path)/objects") == ["\(bucket)/x"])
        }
    }

    @Test("allows concurrent deletions and uploads in one folder")
    func pruning() async throws {
        try await inFolder { store, bucket, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        for round in 0..<50 {
                            let key = try ObjectKey.of(bucket, "a/b/\(worker)-\(round)")
                            _ = try await store.put(key, Scratch.bytes(10))
                            try await store.delete(key)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.all(bucket).isEmpty)
        }
    }
}

/// A small file system that is soon full.
private final class SmallDisk {
    let path: String

    static let isPossible = (try? Scratch.synchronous { _ = try SmallDisk(at: "\($0)/disk", kilobytes: 64) }) != nil

    init(at path: String, kilobytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else {
            throw S3Process.Failure(text: "A disk cannot be mounted here.")
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
