import GuardianArchive
import GuardianCore
import NIOCore

/// SHA-256 of a part, updated with each uploaded piece. Bytes that were not hashed during the upload are read from the
/// spool.
struct PartDigest {
    private var hash = Digest()
    private var length: Int64 = 0

    /// Hashes those of the bytes that follow the ones hashed so far; ignores bytes after a gap.
    mutating func update(_ bytes: ByteBuffer, at offset: Int64) {
        let overlap = length - offset
        guard overlap >= 0, overlap < bytes.readableBytes else { return }
        hash.update(
            bytes.getSlice(at: bytes.readerIndex + Int(overlap), length: bytes.readableBytes - Int(overlap)) ?? bytes)
        length = offset + Int64(bytes.readableBytes)
    }

    /// Returns the hash of the first `size` bytes of the file.
    ///
    /// - Throws: `dataLoss` when the file is shorter.
    func value(of file: SpoolFile, size: Int64) async throws -> Hash256 {
        guard length <= size else { return try await PartDigest().value(of: file, size: size) }
        var hash = hash
        try await file.read(length..<size) { hash.update($0) }
        return hash.value
    }
}
