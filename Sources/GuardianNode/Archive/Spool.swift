import Foundation
import GuardianArchive
import GuardianCore
import GuardianOperations
import NIOPosix

/// The files of parts that are not in the store yet: one append-only file each, with the sealed bytes as received. The
/// table holds the durable length; bytes beyond it were never acknowledged and are overwritten.
struct Spool: Sendable {
    let folder: String

    /// - Throws: `failedPrecondition` when the folder cannot be made.
    init(folder: String) throws {
        self.folder = folder
        try OwnFolder.make(folder)
    }

    private func path(of name: PartName) -> String { "\(folder)/\(name.fileName)" }

    /// - Throws: `unavailable` when it cannot be opened.
    func writer(of name: PartName) async throws -> SpoolWriter {
        let path = path(of: name)
        return try await NIOThreadPool.singleton.runIfActive { try SpoolWriter(path) }
    }

    /// - Throws: `notFound` when the part is not in the spool.
    func file(of name: PartName) throws -> SpoolFile { try SpoolFile(path(of: name)) }

    /// Reads the prefix of a part of `size` bytes.
    ///
    /// - Throws: what `SealedPrefix` throws when the bytes are not a prefix.
    func prefix(of name: PartName, size: Int64) async throws -> SealedPrefix {
        let bytes = try await file(of: name).read(0..<min(size, Int64(SealedFormat.prefixLimit)))
        return try SealedPrefix(parsing: Array(bytes.readableBytesView))
    }

    /// Removes files of parts that no longer need them: a crash came between the table and the file. Files with other
    /// names are left alone. Only before parts are received.
    ///
    /// - Parameter isNeeded: whether the table says that the file of this part is needed.
    /// - Returns: how many were removed.
    func sweep(isNeeded: (PartName) throws -> Bool) throws -> Int {
        var removed = 0
        for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let name = PartName(fileName: file), try !isNeeded(name) else { continue }
            remove(name)
            removed += 1
        }
        return removed
    }

    func remove(_ name: PartName) { unlink(path(of: name)) }

    /// Returns the error of a system call: of the last one, unless another is given. Whatever is wrong with the node's own disk,
    /// an edge tries again: a code such as `notFound` would tell it that its clip is lost.
    static func failure(_ doing: String, _ failure: SystemFailure = .last) -> GuardianError {
        GuardianError(
            failure.code == .resourceExhausted ? .resourceExhausted : .unavailable,
            "\(doing) a file of the archive's spool failed: \(failure).")
    }
}
