import Foundation
import GuardianCore
import GuardianOperations
import NIOCore
import NIOPosix

extension DirectoryStore {
    public func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent {
        let file = try await threads.runIfActive { try StoredFile(path(of: key)) }
        let wanted = range ?? 0..<file.size
        guard range == nil || (!wanted.isEmpty && wanted.lowerBound >= 0 && wanted.upperBound <= file.size) else {
            throw GuardianError(
                .outOfRange, "The object \(key) has \(file.size) bytes: \(wanted) is not within it.")
        }
        return ObjectContent(
            size: file.size, range: wanted, etag: file.etag,
            pieces: StoredPieces(file: file, range: wanted, threads: threads))
    }
}

/// A file opened for reading; its descriptor closes with the last reference.
private final class StoredFile: Sendable {
    let descriptor: Int32
    let size: Int64
    let etag: String

    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFailure.error(errno, "The object cannot be read", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFailure.error(ENOENT, "The object cannot be read", path)
        }
        self.descriptor = descriptor
        size = Int64(status.st_size)
        etag = status.etag
    }

    deinit { close(descriptor) }

    func read(_ range: Range<Int64>) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        let count = try? buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { space in
            let space = UnsafeMutableRawBufferPointer(rebasing: space.prefix(range.count))
            return try FileBytes.read(descriptor, into: space, at: range.lowerBound)
        }
        guard count == range.count else {
            throw GuardianError(.dataLoss, "An object's file is shorter than it was, or cannot be read.")
        }
        return buffer
    }
}

private struct StoredPieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let file: StoredFile
    let range: Range<Int64>
    let threads: NIOThreadPool

    struct AsyncIterator: AsyncIteratorProtocol {
        let file: StoredFile
        var rest: Range<Int64>
        let threads: NIOThreadPool

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            let piece = rest.lowerBound..<Swift.min(rest.upperBound, rest.lowerBound + 1 << 20)
            rest = piece.upperBound..<rest.upperBound
            let file = file
            return try await threads.runIfActive { try file.read(piece) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file, rest: range, threads: threads) }
}
