import Foundation
import NIOCore

/// Reads what the kernel has in memory, and nothing that it would have to fetch from a disk: such a read may happen on
/// any thread.
enum WarmRead {
    private typealias Function =
        @convention(c) (Int32, UnsafePointer<iovec>, Int32, off_t, Int32) -> Int

    /// `preadv2(2)`, which Swift's Glibc does not show; `nil` where there is none. The type is the one that the manual
    /// page gives it.
    private static let preadv2: Function? = dlsym(nil, "preadv2").map { unsafeBitCast($0, to: Function.self) }

    /// `RWF_NOWAIT` of <linux/fs.h>: fail with EAGAIN instead of waiting for the disk.
    private static let withoutWaiting: Int32 = 8

    /// The whole range, or `nil` when a part of it is not in memory (or the file system cannot tell).
    static func bytes(of descriptor: Int32, in range: Range<Int64>) -> ByteBuffer? {
        guard let preadv2 else { return nil }
        let wanted = Int(range.upperBound - range.lowerBound)
        var buffer = ByteBufferAllocator().buffer(capacity: wanted)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
            var vector = iovec(iov_base: space.baseAddress, iov_len: wanted)
            return max(0, preadv2(descriptor, &vector, 1, off_t(range.lowerBound), withoutWaiting))
        }
        return count == wanted ? buffer : nil
    }
}
