import Foundation
import GuardianCore
import GuardianOperations
import Hummingbird
import NIOCore
import NIOPosix

/// A file opened for reading; the deinitializer closes it. An open file can be read to its end even after it was
/// deleted.
package final class OpenFile: Sendable {
    private let descriptor: Int32
    private let threads: NIOThreadPool

    /// Opens a file and reads its first piece in one job on the thread pool for blocking calls.
    ///
    /// - Throws: `not_found` when there is no such file, `internal` when it cannot be opened, and what `read` throws.
    package static func open(
        _ path: String, reading first: Range<Int64>, threads: NIOThreadPool = .singleton
    ) async throws -> (file: OpenFile, first: ByteBuffer) {
        try await threads.runIfActive {
            let file = try OpenFile(path, threads: threads)
            return (file, try file.readBlocking(first))
        }
    }

    /// Opens a file that was opened shortly before, so that its directory entry is in the kernel's cache. Uses no other
    /// thread when the first piece is in the page cache too.
    static func openWarm(
        _ path: String, reading first: Range<Int64>, threads: NIOThreadPool = .singleton
    ) async throws -> (file: OpenFile, first: ByteBuffer) {
        let file = try OpenFile(path, threads: threads)
        if let piece = WarmRead.bytes(of: file.descriptor, in: first) { return (file, piece) }
        return (file, try await file.read(first))
    }

    private convenience init(_ path: String, threads: NIOThreadPool) throws {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            guard number == ENOENT else {
                throw GuardianError(
                    .internal, "A file cannot be opened: \(String(cString: strerror(number))).", context: ["path": path]
                )
            }
            throw GuardianError(.notFound, "The file is no longer there.", context: ["path": path])
        }
        self.init(descriptor: descriptor, threads: threads)
    }

    private init(descriptor: Int32, threads: NIOThreadPool) {
        self.descriptor = descriptor
        self.threads = threads
    }

    deinit { Foundation.close(descriptor) }

    /// Reads the bytes of the range on the thread pool for blocking calls.
    ///
    /// - Throws: `data_loss` when the file is shorter than the range, `internal` when it cannot be read.
    package func read(_ range: Range<Int64>) async throws -> ByteBuffer {
        try await threads.runIfActive { try self.readBlocking(range) }
    }

    private func readBlocking(_ range: Range<Int64>) throws -> ByteBuffer {
        let wanted = Int(range.upperBound - range.lowerBound)
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        let count = try? buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
            let space = UnsafeMutableRawBufferPointer(rebasing: space.prefix(wanted))
            return try FileBytes.read(descriptor, into: space, at: range.lowerBound)
        }
        guard count == wanted else { throw GuardianError(.dataLoss, "A file became shorter, or cannot be read.") }
        return buffer
    }
}
