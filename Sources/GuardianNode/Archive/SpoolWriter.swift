import Foundation
import GuardianCore
import GuardianOperations
import GuardianStorage
import NIOPosix

/// A part's spool file while the part is received: bytes are written as they arrive, and made durable in groups.
final class SpoolWriter: Sendable {
    private let descriptor: Int32

    /// Opens the file, and creates it if it is missing. Blocks.
    ///
    /// - Throws: `unavailable` when it cannot be opened.
    init(_ path: String) throws {
        let known = Foundation.open(path, O_WRONLY | O_CLOEXEC)
        descriptor = known >= 0 ? known : Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Spool.failure("Opening") }
        if known < 0 { Durability.syncFolder(of: path) }
    }

    deinit { close(descriptor) }

    /// Writes bytes; they are durable once `sync` has returned.
    ///
    /// - Throws: `resourceExhausted` when the disk is full.
    func write(_ bytes: Data, at offset: Int64) async throws {
        try await NIOThreadPool.singleton.runIfActive { try self.writeNow(bytes, at: offset) }
    }

    private func writeNow(_ bytes: Data, at offset: Int64) throws {
        do {
            try bytes.withUnsafeBytes { try FileBytes.write(descriptor, $0, at: offset) }
        } catch let failure as SystemFailure { throw Spool.failure("Writing", failure) }
    }

    /// Waits until all written bytes are on the disk.
    func sync() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard fdatasync(self.descriptor) == 0 else { throw Spool.failure("Saving") }
        }
    }
}
