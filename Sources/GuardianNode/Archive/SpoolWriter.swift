import Foundation
import GuardianCore
import GuardianStorage
import NIOPosix

/// A part's file in the spool while its bytes come: they are written as they come, and made durable together.
final class SpoolWriter: Sendable {
    private let descriptor: Int32

    /// Makes the file when it is not there; blocks.
    ///
    /// - Throws: `unavailable` when it cannot be opened.
    init(_ path: String) throws {
        let known = Foundation.open(path, O_WRONLY | O_CLOEXEC)
        descriptor = known >= 0 ? known : Foundation.open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Spool.failure("Opening") }
        if known < 0 { Durability.syncFolder(of: path) }
    }

    deinit { close(descriptor) }

    /// Returns when the system has the bytes; they are safe once `sync` has returned.
    ///
    /// - Throws: `resourceExhausted` when the disk is full.
    func write(_ bytes: Data, at offset: Int64) async throws {
        try await NIOThreadPool.singleton.runIfActive { try self.writeNow(bytes, at: offset) }
    }

    private func writeNow(_ bytes: Data, at offset: Int64) throws {
        try bytes.withUnsafeBytes { bytes in
            var place = 0
            while place < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + place }, bytes.count - place, off_t(offset) + off_t(place))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Spool.failure("Writing") }
                place += count
            }
        }
    }

    /// Waits until all that was written is on the disk.
    func sync() async throws {
        try await NIOThreadPool.singleton.runIfActive {
            guard fdatasync(self.descriptor) == 0 else { throw Spool.failure("Saving") }
        }
    }
}
