import Foundation
import GuardianCore
import GuardianStorage
import NIOPosix

/// The parts that the store does not have yet: one append-only file each, sealed as they came. The disk is asked on
/// threads of its own.
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

    func path(of name: PartName) -> String { "\(folder)/\(name.fileName)" }

    /// Puts bytes at `offset`, which is where the part ends durably; what stands behind it was never acknowledged and
    /// goes. Returns when they are on the disk.
    ///
    /// - Throws: `resourceExhausted` when the disk is full.
    func append(_ bytes: Data, to name: PartName, at offset: Int64) async throws {
        try await onDisk { try appendNow(bytes, to: name, at: offset) }
    }

    private func appendNow(_ bytes: Data, to name: PartName, at offset: Int64) throws {
        let isNew = !FileManager.default.fileExists(atPath: path(of: name))
        let descriptor = open(path(of: name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("Opening") }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(offset)) == 0 else { throw Self.failure("Cutting") }
        try bytes.withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + place }, bytes.count - place, off_t(offset) + off_t(place))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("Writing") }
                place += count
            }
        }
        guard fdatasync(descriptor) == 0 else { throw Self.failure("Saving") }
        if isNew { Durability.syncFolder(of: path(of: name)) }
    }

    /// Bytes of a part, fewer at its end.
    func read(_ name: PartName, at offset: Int64, count: Int) async throws -> [UInt8] {
        try await onDisk { try readNow(name, at: offset, count: count) }
    }

    private func readNow(_ name: PartName, at offset: Int64, count: Int) throws -> [UInt8] {
        let descriptor = open(path(of: name), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("Opening") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.failure("Reading") }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    private func onDisk<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(work)
    }

    func remove(_ name: PartName) { unlink(path(of: name)) }

    private static func failure(_ doing: String) -> GuardianError {
        let code = errno
        return GuardianError(
            code == ENOSPC || code == EDQUOT ? .resourceExhausted : .unavailable,
            "\(doing) a file of the archive's spool failed: \(String(cString: strerror(code))).")
    }
}
