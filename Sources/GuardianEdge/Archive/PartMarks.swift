import Foundation
import GuardianCore

/// A file with the marks of one part that is being sent. If the node ends the part at one of them, the journal's entry is
/// made from that mark, even after a crash of the recorder. A killed process loses no mark. A power cut may lose the last
/// ones; the journal then has a length without a hash. Marks contain no key material.
struct PartMarks: Sendable {
    private static let size = 8 + 8 + 8 + 32 + 1
    private let path: String

    /// - Parameter folder: created if it does not exist.
    /// - Throws: `permissionDenied` when the folder cannot be created.
    init(folder: String, clip: ClipID, part: Int) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .permissionDenied, "The folder \(folder) cannot be created; check its owner.", cause: error)
        }
        path = "\(folder)/\(clip)-\(part).marks"
    }

    func append(_ mark: PartMark) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        for length in [mark.sealedLength, mark.plaintextLength, mark.lastingLength] {
            withUnsafeBytes(of: length.bigEndian) { bytes += $0 }
        }
        bytes += mark.lastingHash?.bytes ?? [UInt8](repeating: 0, count: 32)
        bytes.append(mark.isComplete ? 1 : 0)
        guard bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
            throw failure
        }
    }

    /// Returns the mark with this sealed length; `nil` when there is none.
    func mark(at sealedLength: Int64) throws -> PartMark? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let bytes = Array(data)
        for start in stride(from: 0, through: bytes.count - Self.size, by: Self.size) {
            func length(_ place: Int) -> Int64 {
                bytes[start + place..<start + place + 8].reduce(0) { $0 << 8 | Int64($1) }
            }
            guard length(0) == sealedLength else { continue }
            // A damaged mark is none: the journal takes no impossible length.
            guard Plausible.fileSize.contains(length(8)), Plausible.fileSize.contains(length(16)) else { return nil }
            return PartMark(
                sealedLength: sealedLength, plaintextLength: length(8), lastingLength: length(16),
                lastingHash: Hash256(bytes: bytes[start + 24..<start + 56]), isComplete: bytes[start + 56] == 1)
        }
        return nil
    }

    func remove() { unlink(path) }

    private var failure: GuardianError {
        GuardianError(
            .resourceExhausted, "\(path) cannot be written (\(String(cString: strerror(errno)))): make room.")
    }
}
