import Foundation
import GuardianCore
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
        try bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset) + off_t(done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Spool.failure("Writing") }
                done += count
            }
        }
    }

    /// Waits until all written bytes are on the disk.
    func sync() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard fdatasync(self.descriptor) == 0 else { throw Spool.failure("Saving") }
        }
    }
}
