import Foundation
import GRDB
import GuardianCore
import GuardianOperations
import GuardianStorage
import NIOPosix

/// Knows whether the spool's folder is the one that the table describes. While it is not, no part is accepted, shipped
/// or ended, and no file is removed.
struct SpoolPlace: Sendable {
    let folder: String
    let store: Store

    private static let name = "spool"
    private var marker: String { "\(folder)/.place" }

    /// - Throws: `unavailable` when the spool is away.
    func require() async throws {
        if let absence = try await absence() { throw GuardianError(.unavailable, absence) }
    }

    /// Returns why the spool is away; `nil` when it is there.
    func absence() async throws -> String? {
        try await NIOThreadPool.singleton.runIfActive { try absenceNow() }
    }

    /// Returns why the spool is away; `nil` when it is there. Blocks.
    func absenceNow() throws -> String? {
        let found = try read()
        let (known, waiting) = try store.readNow { database in
            let known = try PlaceID.known(Self.name, in: database)
            guard PlaceID.Verdict.needsEvidence(found, known: known) else { return (known, [PartName]()) }
            return (known, try PartLedger.spooled(in: database, limit: 1_000))
        }
        var evidence: Bool?
        if !waiting.isEmpty {
            evidence = waiting.contains { FileManager.default.fileExists(atPath: "\(folder)/\($0.fileName)") }
        }
        // A full disk may have left an empty mark.
        if found == .none, FileManager.default.fileExists(atPath: marker) { evidence = true }
        switch PlaceID.Verdict(found, known: known, evidence: evidence) {
        case .present:
            if known?.wasMarked == false { try noteMarked() }
            return nil
        case .adopted(let id), .new(let id):
            let claimed = try known?.id ?? store.writeNow { try id.claim(Self.name, in: $0) }
            if found == .none {
                try write(claimed)
                guard try read() == .id(claimed) else { return foreign(claimed) }
            }
            try noteMarked()
            return nil
        case .missing:
            // Noted, so that a person can write it there.
            let id = try known?.id ?? store.writeNow { try PlaceID().claim(Self.name, in: $0) }
            return "The archive's spool \(folder) has neither its mark nor any of the parts that wait there: mount its "
                + "disk. If they are lost for good, write the text \(id) into \(marker)."
        case .foreign: return foreign(known?.id)
        }
    }

    private func noteMarked() throws { try store.writeNow { try PlaceID.noteMarked(Self.name, in: $0) } }

    private func foreign(_ known: PlaceID?) -> String {
        "The archive's spool \(folder) is another node's, as its file .place says: mount the right disk."
            + (known.map { " This node's mark is \($0)." } ?? "")
    }

    private func read() throws -> PlaceID.Marker {
        let descriptor = open(marker, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw Spool.failure("Opening") }
            return .none
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: PlaceID.markerLimit)
        let count = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw Spool.failure("Reading") }
        return PlaceID.Marker(bytes.prefix(count))
    }

    /// Writes the mark, unless there is one by now: another look that saw none either may write it at the same moment. An
    /// empty file, which a full disk may have left, is no mark.
    private func write(_ id: PlaceID) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            do {
                try Durability.create(marker, with: id.marker, mode: 0o644)
            } catch let error where error.number == EEXIST {
                guard try read() == .none else { return }
                try Durability.replace(marker, with: id.marker, mode: 0o644, concurrently: true)
            }
        } catch let error as GuardianError {
            throw error
        } catch { throw GuardianError(.unavailable, "The archive's spool cannot be marked.", cause: error) }
    }
}
