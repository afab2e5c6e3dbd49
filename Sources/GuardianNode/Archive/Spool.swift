import Foundation
import GuardianArchive
import GuardianCore
import NIOPosix

/// The parts that the store does not have yet: one append-only file each, sealed as they came. How much of a file counts
/// stands in the table; what is behind that was never acknowledged, and is written over.
struct Spool: Sendable {
    private let folder: String

    /// - Throws: `failedPrecondition` when the folder cannot be made.
    init(folder: String) throws {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .failedPrecondition, "The folder \(folder) cannot be made; check its owner.", cause: error)
        }
    }

    private func path(of name: PartName) -> String { "\(folder)/\(name.fileName)" }

    /// - Throws: `unavailable` when it cannot be opened.
    func writer(of name: PartName) async throws -> SpoolWriter {
        let path = path(of: name)
        return try await NIOThreadPool.singleton.runIfActive { try SpoolWriter(path) }
    }

    /// - Throws: `notFound` when the part is in the spool no longer.
    func file(of name: PartName) throws -> SpoolFile { try SpoolFile(path(of: name)) }

    /// What a part of `size` bytes begins with.
    ///
    /// - Throws: what `SealedPrefix` throws of bytes that are none.
    func prefix(of name: PartName, size: Int64) async throws -> SealedPrefix {
        let bytes = try await file(of: name).read(0..<min(size, Int64(SealedFormat.prefixLimit)))
        return try SealedPrefix(parsing: Array(bytes.readableBytesView))
    }

    func remove(_ name: PartName) { unlink(path(of: name)) }

    /// What the last call of the system said.
    static func failure(_ doing: String) -> GuardianError {
        let code = errno
        return GuardianError(
            code == ENOSPC || code == EDQUOT ? .resourceExhausted : .unavailable,
            "\(doing) a file of the archive's spool failed: \(String(cString: strerror(code))).")
    }
}
