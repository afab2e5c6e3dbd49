internal import CQREncode
import GuardianCore

/// A QR code (ISO/IEC 18004) that holds a text, with error correction M: 15 % of it may be damaged.
public struct QRCode: Sendable, Hashable {
    /// The rows from top to bottom, each from left to right, without the quiet zone; `true` is dark. As many rows as columns.
    public let modules: [[Bool]]

    /// Modules of the light margin on each side (ISO/IEC 18004, 5.3.8).
    static let quietZone = 4

    /// - Parameter text: in UTF-8 at most 2,331 bytes, and not empty.
    /// - Throws: `invalidArgument` for a text that does not fit.
    public init(_ text: String) throws(GuardianError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, let length = Int32(exactly: bytes.count),
            // Version 0: the smallest that holds the text. Bytes, because texts are addresses with small letters.
            let code = QRcode_encodeData(length, bytes, 0, QR_ECLEVEL_M)
        else {
            throw GuardianError(.invalidArgument, "This text does not fit into a QR code: shorten it.")
        }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let data = code.pointee.data else {
            throw GuardianError(.internal, "The QR code could not be made: try again.")
        }
        modules = (0..<width).map { row in
            // The lowest bit of a module's byte says whether it is dark (qrencode.h, QRcode).
            (0..<width).map { column in data[row * width + column] & 1 == 1 }
        }
    }

    /// Whether a module is dark, counted from the corner of the quiet zone; everything around the code is light.
    func isDark(row: Int, column: Int) -> Bool {
        let (row, column) = (row - Self.quietZone, column - Self.quietZone)
        guard modules.indices.contains(row), modules[row].indices.contains(column) else { return false }
        return modules[row][column]
    }

    /// Modules of a side with the quiet zone.
    var side: Int { modules.count + 2 * Self.quietZone }
}
