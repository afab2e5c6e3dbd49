import NIOCore

/// The bytes of a served file: those of the file, which is open, and what is inserted.
package struct ServedBytes: Sendable {
    private let file: OpenFile
    private let insertion: ServedFile.Insertion?

    /// Opens the file and reads the first piece.
    ///
    /// - Throws: as `OpenFile.open` does.
    package static func open(
        _ served: ServedFile, reading first: Range<Int64>
    ) async throws -> (bytes: ServedBytes, first: ByteBuffer) {
        guard let insertion = served.insertion else {
            let (file, piece) =
                served.isWarm
                ? try await OpenFile.openWarm(served.path, reading: first)
                : try await OpenFile.open(served.path, reading: first)
            return (ServedBytes(file: file, insertion: nil), piece)
        }
        let (file, _) = try await OpenFile.open(served.path, reading: 0..<0)
        let bytes = ServedBytes(file: file, insertion: insertion)
        return (bytes, try await bytes.read(first))
    }

    /// - Throws: as `OpenFile.read` does.
    package func read(_ range: Range<Int64>) async throws -> ByteBuffer {
        guard let insertion else { return try await file.read(range) }
        let count = Int64(insertion.bytes.count)
        let inserted = insertion.offset..<insertion.offset + count
        var buffer = try await file.readIfAny(range.clamped(to: 0..<inserted.lowerBound))
        let within = range.clamped(to: inserted)
        let first = Int(within.lowerBound - inserted.lowerBound)
        buffer.writeBytes(insertion.bytes[first..<first + Int(within.count)])
        let after = range.clamped(to: inserted.upperBound..<Int64.max)
        var rest = try await file.readIfAny(after.lowerBound - count..<after.upperBound - count)
        buffer.writeBuffer(&rest)
        return buffer
    }
}

extension OpenFile {
    fileprivate func readIfAny(_ range: Range<Int64>) async throws -> ByteBuffer {
        range.isEmpty ? ByteBuffer() : try await read(range)
    }
}
