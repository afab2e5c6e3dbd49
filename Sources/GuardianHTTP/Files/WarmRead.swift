import Foundation
import NIOCore

/// Reads from the page cache only and never waits for the disk, so that it may be called on any thread.
enum WarmRead {
    private typealias Function =
        @convention(c) (Int32, UnsafePointer<iovec>, Int32, off_t, Int32) -> Int

    /// `preadv2(2)`, which Swift's Glibc module does not export; `nil` on systems without it. The type is that of the
    /// manual page.
    private static let preadv2: Function? = dlsym(nil, "preadv2").map { unsafeBitCast($0, to: Function.self) }

    /// `RWF_NOWAIT` of <linux/fs.h>: fails with EAGAIN instead of waiting for the disk.
    private static let noWait: Int32 = 8

    /// Returns the whole range, or `nil` when any of it is not in the page cache or the file system does not support
    /// `RWF_NOWAIT`.
    static func bytes(of descriptor: Int32, in range: Range<Int64>) -> ByteBuffer? {
        guard let preadv2 else { return nil }
        let wanted = Int(range.upperBound - range.lowerBound)
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
            var vector = iovec(iov_base: space.baseAddress, iov_len: wanted)
            return max(0, preadv2(descriptor, &vector, 1, off_t(range.lowerBound), noWait))
        }
        return count == wanted ? buffer : nil
    }
}
