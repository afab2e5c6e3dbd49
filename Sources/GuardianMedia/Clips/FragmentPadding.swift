/// Aligns the ends of a clip's fragments to segment borders, so that every fragment can be sealed completely as soon as
/// it is written. `free` boxes (ISO/IEC 14496-12, 8.1.2) fill the space up to the next border; players skip them.
public struct FragmentPadding: Sendable, Hashable {
    /// Offset of the first border in the file.
    public let first: Int64
    /// Bytes between two borders.
    public let step: Int64

    /// - Parameter step: at least 16, so that a box fits.
    public init(first: Int64, step: Int64) {
        self.first = max(0, first)
        self.step = max(16, step)
    }

    /// Returns the box that fills a file of `length` bytes up to the next border; empty when it ends at one.
    public func box(after length: Int64) -> [UInt8] {
        var gap = gap(after: length)
        guard gap > 0 else { return [] }
        // A box has a header of 8 bytes.
        if gap < 8 { gap += step }
        var box: [UInt8] = []
        box.reserveCapacity(Int(gap))
        box.append(bigEndian: UInt32(gap))
        box += Array("free".utf8)
        box += repeatElement(0, count: Int(gap) - 8)
        return box
    }

    private func gap(after length: Int64) -> Int64 {
        guard length > first else { return first - length }
        let rest = (length - first) % step
        return rest == 0 ? 0 : step - rest
    }
}
