import Foundation
import GuardianCore
import NIOCore
import NIOPosix

/// A part's file in the spool, opened for reading: what is open can be read to its end even when the part goes to the
/// store meanwhile and its file is removed.
final class SpoolFile: Sendable {
    /// Bytes read at once.
    private static let piece: Int64 = 256 * 1024

    private let descriptor: Int32

    /// - Throws: `notFound` when the part is in the spool no longer.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let number = errno
            throw GuardianError(
                number == ENOENT ? .notFound : .unavailable,
                "A part in the spool cannot be read: \(String(cString: strerror(number))).")
        }
    }

    deinit { close(descriptor) }

    /// Gives the bytes of the range in order, piece by piece.
    ///
    /// - Throws: `dataLoss` when the file is shorter.
    func read(_ range: Range<Int64>, into sink: (ByteBuffer) async throws -> Void) async throws {
        var place = range.lowerBound
        while place < range.upperBound {
            let piece = place..<min(range.upperBound, place + Self.piece)
            try await sink(try await NIOThreadPool.singleton.runIfActive { try self.read(piece) })
            place = piece.upperBound
        }
    }

    private func read(_ range: Range<Int64>) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        while buffer.readableBytes < range.count {
            let missing = range.count - buffer.readableBytes
            let offset = range.lowerBound + Int64(buffer.readableBytes)
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { space in
                max(0, pread(descriptor, space.baseAddress, missing, off_t(offset)))
            }
            guard count > 0 else { throw GuardianError(.dataLoss, "A part in the spool is shorter than it was.") }
        }
        return buffer
    }
}
