import Foundation
import GuardianCore
import GuardianHTTP
import Logging
import Synchronization

/// The one owner of the cameras' settings: every change goes through it, one after the other, and is on the disk before it counts.
package actor CameraSettingsStore {
    private let executor = QueueExecutor(label: "camera settings")
    private let files: CameraSettingsFiles
    private let clock: any WallClock
    private nonisolated let current: Mutex<CameraList>
    private nonisolated let identities: Mutex<CameraIdentityFile>
    private nonisolated let troubles: [FindingView]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Reads the settings, and merges in what the configuration file says.
    ///
    /// Settings that cannot be read or written do not keep the cameras from being recorded: what is known of them is used, and the
    /// status says what is wrong.
    ///
    /// - Parameter imported: the configuration's cameras; `nil` when it says nothing about cameras.
    /// - Throws: `dataLoss` when the file of UUIDs is damaged, `resourceExhausted` when a new camera cannot be entered there.
    package init(
        _ folder: StateFolder, importing imported: [CameraConfiguration]?, clock: any WallClock, logger: Logger
    ) throws {
        let files = CameraSettingsFiles(settings: folder.cameraSettings, passwords: folder.cameraPasswords)
        var identities = try CameraIdentityFile(path: folder.cameras)
        let content = files.load(at: clock.now())
        if content.wasDamaged {
            logger.error("camera settings damaged and set aside", metadata: ["path": "\(folder.cameraSettings)"])
        }
        var list = content.list
        var troubles: [FindingView] = []
        if let imported {
            let left = try list.merge(imported) { try identities.identify($0, at: clock.now()) }
            if !left.isEmpty {
                troubles.append(Self.noRoom(for: left))
                logger.error("cameras of the configuration left out", metadata: ["cameras": "\(left.count)"])
            }
        }
        if list != content.list || content.wasDamaged {
            do { try files.save(list, after: content.list) } catch {
                // They are merged again at the next start.
                logger.error("camera settings cannot be written", metadata: ["reason": "\(error)"])
                troubles.append(Self.unwritten(folder.cameraSettings))
            }
        }
        self.files = files
        self.clock = clock
        self.troubles = troubles
        current = Mutex(list)
        self.identities = Mutex(identities)
    }

    /// The cameras now.
    package nonisolated var list: CameraList { current.withLock { $0 } }

    /// The aliases of all cameras that there ever were.
    package nonisolated var aliases: [CameraID: CameraAlias] { identities.withLock { $0.aliases } }

    /// Changes the settings.
    ///
    /// - Parameter body: changes a copy, and may ask for the permanent UUID of an alias.
    /// - Throws: what `body` throws, and `resourceExhausted` when the change cannot be written; then nothing has changed.
    package func change<Value: Sendable>(
        _ body: (inout CameraList, _ identify: (CameraAlias) throws -> CameraID) throws -> Value
    ) throws -> Value {
        let before = current.withLock { $0 }
        var list = before
        let value = try body(&list) { [clock] alias in
            try identities.withLock { try $0.identify(alias, at: clock.now()) }
        }
        guard list != before else { return value }
        try files.save(list, after: before)
        current.withLock { $0 = list }
        return value
    }

    /// What is wrong with the settings.
    package nonisolated var problems: [FindingView] {
        troubles
            + files.setAside.map { path in
                FindingView(
                    what: "The cameras' settings were damaged and were set aside.", where: path, severity: .error,
                    remedy:
                        "Compare the list of cameras with that file, add what is missing, give passwords again, and "
                        + "move the file away.")
            }
    }

    private static func noRoom(for aliases: [CameraAlias]) -> FindingView {
        FindingView(
            what: "The configuration has cameras that there is no room for: "
                + aliases.prefix(5).map(\.text).joined(separator: ", ") + ".",
            where: "cameras", severity: .error,
            remedy: "\(CameraList.limit) are the most: remove others, and restart Guardian.")
    }

    private static func unwritten(_ path: String) -> FindingView {
        FindingView(
            what: "The cameras' settings cannot be written.", where: path, severity: .error,
            remedy: "Make room on the disk, and restart Guardian; the cameras are recorded meanwhile.")
    }
}
