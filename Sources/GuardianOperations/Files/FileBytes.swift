import Foundation

/// Reads and writes bytes of an open file until all are done: a single system call may do less, or be interrupted by a signal.
public enum FileBytes {
    /// Fills `space` with the bytes from `offset` on. Returns how many there are: fewer only at the file's end.
    public static func read(
        _ descriptor: Int32, into space: UnsafeMutableRawBufferPointer, at offset: Int64
    ) throws(SystemFailure) -> Int {
        var done = 0
        while done < space.count, let base = space.baseAddress {
            let count = pread(descriptor, base + done, space.count - done, off_t(offset) + off_t(done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    /// Returns `count` bytes from `offset` on: fewer only at the file's end.
    public static func read(_ descriptor: Int32, at offset: Int64, count: Int) throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        // `filled` is what the kernel reports as read; after a failure nothing is counted.
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, count)) { buffer, filled in
            let space = UnsafeMutableRawBufferPointer(
                UnsafeMutableBufferPointer(rebasing: buffer.prefix(max(0, count))))
            do throws(SystemFailure) {
                filled = try read(descriptor, into: space, at: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Writes all of `bytes` from `offset` on. After a failure some of them may be written.
    public static func write(
        _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, at offset: Int64
    ) throws(SystemFailure) {
        try complete(bytes) { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset) + off_t($1)) }
    }

    /// Writes all of `bytes` where the file stands, or at its end when it was opened so. After a failure some of them may be
    /// written.
    public static func append(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemFailure) {
        try complete(bytes) { rest, _ in Foundation.write(descriptor, rest.baseAddress, rest.count) }
    }

    /// Calls `step` with what is left and how much is done, until nothing is left.
    private static func complete(
        _ bytes: UnsafeRawBufferPointer, _ step: (UnsafeRawBufferPointer, Int) -> Int
    ) throws(SystemFailure) {
        var done = 0
        while done < bytes.count {
            let count = step(UnsafeRawBufferPointer(rebasing: bytes[done...]), done)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last }
            // A file system that takes nothing and names no reason is full.
            guard count > 0 else { throw SystemFailure(ENOSPC) }
            done += count
        }
    }
}
