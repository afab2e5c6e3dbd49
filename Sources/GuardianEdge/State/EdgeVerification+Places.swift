import Foundation
import GuardianCore
import GuardianJournal
import GuardianStorage

extension EdgeVerification {
    /// The folders with an identity, below the state folder.
    private static let names = ["clips", "snapshots"]

    /// Returns what is wrong with the folders of clips and pictures, and with their databases; nothing if no edge has run here.
    public static func places(state: String) -> [Finding] {
        let away = names.filter { !isPresent($0, state: state) }.map { name in
            Finding(
                what: "The disk of the \(name) is away, or is another one.", where: "\(state)/\(name)",
                severity: .error,
                remedy: "Connect or mount it. If it was replaced for good, run this again with --accept-disk.")
        }
        return away
            + DamagedDatabase.found(in: state).map { path in
                Finding(
                    what: "A database was damaged and was set aside; a new one began.", where: path, severity: .warning,
                    remedy: "Check the disk. Move the file away once you have a copy of it.")
            }
    }

    /// Makes the folders that are there the ones that the edge knows, after a disk was replaced for good. The edge may run.
    ///
    /// - Returns: the folders that were accepted.
    /// - Throws: when the database cannot be read or a folder cannot be written.
    public static func acceptPlaces(state: String) throws -> [String] {
        try names.filter { !isPresent($0, state: state) }.map { name in
            let folder = "\(state)/\(name)"
            let known = try Journal.place(name, path: "\(state)/edge.sqlite")
            // Without a known identity, the edge refuses the folder for lack of any known file in it.
            try PlaceMarker.write(known ?? UUID(), to: folder)
            return folder
        }
    }

    /// Makes a running or later edge believe the machine's clock, so that clips may be deleted for their age.
    ///
    /// - Throws: `resourceExhausted` when the state folder cannot be written.
    public static func acceptClock(state: String, clock: any WallClock = SystemClock()) throws {
        try BelievedTimeFile(path: StateFolder.believedTime(in: state)).write(clock.now())
    }

    /// Whether a folder has the identity that the database knows, or neither has one.
    static func isPresent(_ name: String, state: String) -> Bool {
        do {
            let known = try Journal.place(name, path: "\(state)/edge.sqlite")
            return try known == nil || known == PlaceMarker.read("\(state)/\(name)")
        } catch let error as GuardianError where error.code == .notFound || error.context["sqlite"] != nil {
            // Without a database nothing is known of the folder.
            return true
        } catch {
            return false
        }
    }

    /// Returns the files of clips of which the journal says that they were deleted.
    static func leftovers(state: String) throws -> [Finding] {
        let files = ["clips", "emergency"].flatMap { Array(ClipPath.files(in: "\(state)/\($0)")) }
        let deleted = try Journal.deleted(files.map(\.clip), path: "\(state)/edge.sqlite")
        return files.filter { deleted.contains($0.clip) }.map { file in
            Finding(
                what: "The file of clip \(file.clip) is still there, although the journal says that it was deleted.",
                where: file.url.path, severity: .warning,
                remedy: "Nobody sees it any more. Copy it if you want to keep it, then delete it.")
        }
    }
}
