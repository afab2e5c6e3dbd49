import GuardianArchive
import GuardianCore
import NIOCore

/// SHA-256 of a part so far, from the pieces that pass on their way to the store; what did not pass is read.
struct PartDigest {
    private var hash = Digest()
    private var length: Int64 = 0

    /// Takes what of these bytes comes next, if anything does.
    mutating func update(_ bytes: ByteBuffer, at offset: Int64) {
        let known = length - offset
        guard known >= 0, known < bytes.readableBytes else { return }
        hash.update(
            bytes.getSlice(at: bytes.readerIndex + Int(known), length: bytes.readableBytes - Int(known)) ?? bytes)
        length = offset + Int64(bytes.readableBytes)
    }

    /// Of the first `size` bytes of the file.
    ///
    /// - Throws: `dataLoss` when the file is shorter.
    func value(of file: SpoolFile, size: Int64) async throws -> Hash256 {
        guard length <= size else { return try await PartDigest().value(of: file, size: size) }
        var hash = hash
        try await file.read(length..<size) { hash.update($0) }
        return hash.value
    }
}
