import Foundation
import GuardianCore

/// The marks of a part that is under way, in a file of its own: what the journal must say of it when the node ends it at
/// one of them, even after this recorder fell. A kill loses none; a power cut may lose the last, and then the journal
/// names a length without a hash. No part of a key is in them.
struct PartMarks: Sendable {
    private static let size = 8 + 8 + 8 + 32 + 1
    private let path: String

    /// - Parameter folder: made when it is not there.
    init(folder: String, clip: ClipID, part: Int) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw GuardianError(
                .permissionDenied, "The folder \(folder) cannot be made; check its owner.", cause: error)
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

    /// The mark at which a part has this size; `nil` when there is none.
    func mark(at sealedLength: Int64) throws -> PartMark? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let bytes = Array(data)
        for start in stride(from: 0, through: bytes.count - Self.size, by: Self.size) {
            func length(_ place: Int) -> Int64 {
                bytes[start + place..<start + place + 8].reduce(0) { $0 << 8 | Int64($1) }
            }
            guard length(0) == sealedLength else { continue }
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
