internal import CZlib

/// Compresses the Web UI's small text files once at start, with zlib.
enum Gzip {
    /// Returns the bytes as gzip (RFC 1952) at zlib's highest level; `nil` when zlib has no memory for it.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        // At one address for all calls: zlib's own state points back at it.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer {
            stream.deinitialize(count: 1)
            stream.deallocate()
        }
        // 16 added to the window's size asks for gzip's header and checksum instead of zlib's own.
        let opened = deflateInit2_(
            stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { return nil }
        defer { deflateEnd(stream) }
        guard let length = UInt32(exactly: bytes.count),
            let room = UInt32(exactly: deflateBound(stream, UInt(bytes.count)))
        else { return nil }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            // `count` is what zlib reports as written: the room less what it left.
            let output = [UInt8](unsafeUninitializedCapacity: Int(room)) { output, count in
                (stream.pointee.next_in, stream.pointee.avail_in) = (input.baseAddress, length)
                (stream.pointee.next_out, stream.pointee.avail_out) = (output.baseAddress, room)
                // With as much room as `deflateBound` says, one call ends the stream.
                count = deflate(stream, Z_FINISH) == Z_STREAM_END ? Int(room - stream.pointee.avail_out) : 0
            }
            return output.isEmpty ? nil : output
        }
    }
}
