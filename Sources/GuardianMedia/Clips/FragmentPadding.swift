/// Where the fragments of a clip file end, so that whoever takes the file away in segments while it grows has each
/// fragment whole at once: `free` boxes (ISO/IEC 14496-12, 8.1.2) fill up to the next border. Players pass over them.
public struct FragmentPadding: Sendable, Hashable {
    /// The first border, in bytes of the file.
    public let first: Int64
    /// From border to border.
    public let step: Int64

    /// - Parameter step: at least 16, so that a box fits.
    public init(first: Int64, step: Int64) {
        self.first = max(0, first)
        self.step = max(16, step)
    }

    /// The box that fills a file of `length` bytes up to a border; empty where it ends on one.
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
