import Foundation
import GuardianCore
import GuardianHTTP

/// The room on the disks of the state folder and of the pictures, and the bounds of what grows there. The clips' disk has its
/// own floor (`ClipStore.keepFree`), the emergency folder too; the edge writes no log files.
package struct StateRoom: Sendable {
    /// Bytes: with less, no event gets a picture, so that the journal and the deletions that make room can still be written.
    package static let pictures: Int64 = 32 << 20
    /// Bytes: with less, the System page warns.
    package static let warning: Int64 = 64 << 20
    /// Bytes of a database's write-ahead log. It is 64 MiB at most unless somebody reads an old state of the database all the time.
    package static let log: Int64 = 256 << 20
    /// Bytes that the AI service may leave in its folder: it needs a file with its process id.
    package static let inference: Int64 = 16 << 20

    private let state: String
    private let snapshots: String
    private let databases: [String]
    private let inferenceFolder: String
    private let space: @Sendable (String) throws -> DiskSpace

    /// - Parameter space: reads the space of a folder's disk; replaceable for tests.
    package init(
        state: String, snapshots: String, databases: [String], inferenceFolder: String,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) {
        self.state = state
        self.snapshots = snapshots
        self.databases = databases
        self.inferenceFolder = inferenceFolder
        self.space = space
    }

    /// Returns what lacks room or has grown beyond its bound. A disk whose space cannot be read counts as one with room.
    package func problems() -> [FindingView] {
        var problems: [FindingView] = []
        if let free = try? space(state).free, free < Self.warning {
            problems.append(
                FindingView(
                    what: "The disk of the state folder is almost full: \(free >> 20) MiB are free.", where: state,
                    severity: free < Self.pictures ? .error : .warning,
                    remedy: "Make room there, before events can no longer be written."))
        }
        if let free = try? space(snapshots).free, free < Self.pictures {
            problems.append(
                FindingView(
                    what: "The disk of the pictures is full: \(free >> 20) MiB are free. New events have no picture.",
                    where: snapshots, severity: .error, remedy: "Make room there; new events then have pictures again.")
            )
        }
        for database in databases {
            let bytes = Self.size(of: database + "-wal")
            guard bytes > Self.log else { continue }
            problems.append(
                FindingView(
                    what: "The write-ahead log of a database has grown to \(bytes >> 20) MiB.", where: database,
                    severity: .warning,
                    remedy: "Another program has read the database for long: end it. Otherwise restart Guardian."))
        }
        let left = inferenceFiles().reduce(Int64(0)) { $0 + Self.size(of: $1) }
        if left > Self.inference {
            problems.append(
                FindingView(
                    what: "The AI service has left \(left >> 20) MiB of files in its folder.", where: inferenceFolder,
                    severity: .warning,
                    remedy: "It has no reason to: check the model and the program. Restarting Guardian deletes them."))
        }
        return problems
    }

    /// Deletes what an earlier AI service left in its folder.
    func sweepInferenceFolder() { for file in inferenceFiles() { unlink(file) } }

    /// The AI service can make files in its folder, but no folders.
    private func inferenceFiles() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: inferenceFolder)) ?? []
        return names.map { "\(inferenceFolder)/\($0)" }
    }

    private static func size(of path: String) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int64(status.st_size)
    }
}

extension StateRoom {
    init(of folder: StateFolder) {
        self.init(
            state: folder.path, snapshots: folder.snapshots, databases: [folder.database, folder.archiveDatabase],
            inferenceFolder: folder.inferenceRun)
    }
}
