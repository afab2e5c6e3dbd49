import Foundation
import GuardianCore
import GuardianOperations

/// The bytes of a sealed clip in a file, an object store or memory, readable at any offset.
public struct SealedSource: Sendable {
    /// Total number of bytes.
    public let size: Int64
    private let fetch: @Sendable (_ offset: Int64, _ count: Int) async throws -> [UInt8]

    /// - Parameter read: returns `count` bytes from an offset. It is never asked for bytes beyond `size`; returning
    ///   fewer bytes is an error.
    public init(size: Int64, read: @escaping @Sendable (_ offset: Int64, _ count: Int) async throws -> [UInt8]) {
        self.size = size
        fetch = read
    }

    public init(_ bytes: [UInt8]) {
        self.init(size: Int64(bytes.count)) { offset, count in Array(bytes[Int(offset)..<Int(offset) + count]) }
    }

    /// Returns up to `count` bytes from the offset; fewer only at the end.
    func read(_ offset: Int64, _ count: Int) async throws -> [UInt8] {
        let count = Int(min(Int64(count), max(0, size - offset)))
        guard count > 0 else { return [] }
        let bytes = try await fetch(offset, count)
        guard bytes.count == count else {
            throw GuardianError(
                .unavailable, "The sealed clip could not be read to its end; try again.",
                context: ["offset": "\(offset)", "asked": "\(count)", "got": "\(bytes.count)"])
        }
        return bytes
    }
}

extension SealedSource {
    /// Reads everything before the body: header, the device's signature and recipients. Makes the checks that need no
    /// key.
    ///
    /// - Throws: what `SealedPrefix` throws, and the source's own errors.
    public func prefix() async throws -> SealedPrefix {
        try SealedPrefix(parsing: await ClipOpener.prefixBytes(of: self))
    }

    /// Opens a file. The size is fixed at this moment; bytes that are appended later are not read.
    ///
    /// - Throws: `GuardianError` with the code of the `SystemFailure` when it cannot be read.
    public static func file(_ path: String) throws -> SealedSource {
        let file = try ReadOnlyFile(path)
        return SealedSource(size: file.size) { try file.read($0, $1) }
    }
}

/// An open file, readable at any offset. The descriptor closes with the last copy of the source.
private final class ReadOnlyFile: Sendable {
    private let descriptor: Int32
    let size: Int64

    init(_ path: String) throws {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(.last, path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(.last, path) }
        size = Int64(status.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func read(_ offset: Int64, _ count: Int) throws -> [UInt8] {
        do throws(SystemFailure) {
            return try FileBytes.read(descriptor, at: offset, count: count)
        } catch { throw Self.failure(error, "The sealed clip") }
    }

    private static func failure(_ failure: SystemFailure, _ path: String) -> GuardianError {
        GuardianError(failure.code, "\(path) cannot be read (\(failure)).")
    }
}
