import Foundation

/// How a film says that its pictures are to be shown, as phones write it: turned clockwise by quarters, or otherwise.
public enum DisplayMatrix: String, CaseIterable, Sendable {
    case right, half, left, mirrored, upsideDown, odd

    /// a, b, c, d of ISO/IEC 14496-12, 6.2.2.
    private var values: [Double] {
        switch self {
        case .right: [0, 1, -1, 0]
        case .half: [-1, 0, 0, -1]
        case .left: [0, -1, 1, 0]
        case .mirrored: [-1, 0, 0, 1]
        case .upsideDown: [1, 0, 0, -1]
        case .odd: [0.8, 0.6, -0.6, 0.8]
        }
    }

    /// Writes a copy of an MP4 film with this matrix beside it, and returns its path.
    public func applied(to film: String) throws -> String {
        var bytes = try Data(contentsOf: URL(filePath: film))
        guard let header = bytes.firstRange(of: Data("tkhd".utf8)) else { throw CocoaError(.fileReadCorruptFile) }
        // ISO/IEC 14496-12, 8.3.2, version 0: 40 bytes, then the matrix in rows of three, 16.16 but for every third.
        let start = header.upperBound + 40
        for (place, value) in zip([0, 1, 3, 4], values) {
            let number = UInt32(bitPattern: Int32(value * 65_536))
            for byte in 0..<4 {
                bytes[start + place * 4 + byte] = UInt8(truncatingIfNeeded: number >> (24 - 8 * byte))
            }
        }
        let path = "\(film).\(rawValue).mp4"
        try bytes.write(to: URL(filePath: path))
        return path
    }
}
