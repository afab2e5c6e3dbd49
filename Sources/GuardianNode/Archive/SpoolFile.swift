import Foundation
import GuardianCore
import GuardianOperations
import NIOCore
import NIOPosix

/// A part's spool file, opened for reading. It can be read to its end even when the part is stored meanwhile and the
/// file removed.
final class SpoolFile: Sendable {
    /// Bytes of one piece when a range is read piece by piece.
    private static let piece: Int64 = 256 * 1024

    private let descriptor: Int32

    /// - Throws: `notFound` when there is no such file.
    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? GuardianError(.notFound, "A part is not in the spool.") : Spool.failure("Opening")
        }
    }

    deinit { close(descriptor) }

    /// Passes the bytes of the range to `sink` in order, piece by piece.
    ///
    /// - Throws: `dataLoss` when the file is shorter.
    func read(_ range: Range<Int64>, into sink: (ByteBuffer) async throws -> Void) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let piece = offset..<min(range.upperBound, offset + Self.piece)
            try await sink(try await read(piece))
            offset = piece.upperBound
        }
    }

    /// - Throws: `dataLoss` when the file is shorter.
    func read(_ range: Range<Int64>) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive { try self.readNow(range) }
    }

    private func readNow(_ range: Range<Int64>) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        let count: Int
        do {
            count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
                let space = UnsafeMutableRawBufferPointer(rebasing: space.prefix(range.count))
                return try FileBytes.read(descriptor, into: space, at: range.lowerBound)
            }
        } catch let failure as SystemFailure { throw Spool.failure("Reading", failure) }
        guard count == range.count else {
            throw GuardianError(.dataLoss, "A part in the spool is shorter than it was.")
        }
        return buffer
    }
}
