import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianStorage

/// The files of the cameras' settings in the state folder: one for people to read, whose addresses are without passwords, and
/// one with everything that is secret. Both are JSON, replaced as a whole, and readable by this user only.
///
/// An address with its password counts only for the camera whose address it is: after a crash between the two files a password
/// is told to no other place.
package struct CameraSettingsFiles: Sendable {
    /// Bytes of a file that is read.
    private static let limit = 1 << 20
    fileprivate static let version = 1

    private let settings: String
    private let passwords: String

    package init(settings: String, passwords: String) {
        self.settings = settings
        self.passwords = passwords
    }

    /// What the files hold.
    package struct Content: Sendable {
        package var list = CameraList()
        /// Whether something of it could not be read, and was set aside.
        package var wasDamaged = false
    }

    /// Reads both files. One that is damaged, or of a newer version, is renamed, and what is known of it is used.
    package func load(at time: Timestamp) -> Content {
        var content = Content()
        let secrets = read(passwords, as: PasswordsFile.self, at: time, &content.wasDamaged)
        var records: [CameraRecord] = []
        let file = read(settings, as: SettingsFile.self, at: time, &content.wasDamaged)
        let known = Dictionary(grouping: secrets?.passwords ?? [], by: \.cameraId)
        for stored in file?.cameras ?? [] {
            guard records.count < CameraList.limit, let record = try? stored.record(known[stored.cameraId] ?? []),
                !records.contains(where: { $0.alias == record.alias || $0.id == record.id })
            else {
                content.wasDamaged = true
                continue
            }
            records.append(record)
        }
        if let file, file.cameras.count != records.count { keepCopy(of: settings, at: time) }
        // Without the settings, the configuration file is imported as if it were new.
        let imported = file == nil ? [:] : secrets?.imported ?? [:]
        content.list = CameraList(
            records: records,
            imported: Dictionary(
                imported.compactMap { name, digest in CameraAlias(name).map { ($0, digest) } },
                uniquingKeysWith: { first, _ in first }))
        return content
    }

    /// Reads both files and changes nothing.
    ///
    /// - Throws: `notFound` when there are no settings, `dataLoss` when something of them cannot be read.
    package func peek() throws -> CameraList {
        guard FileManager.default.fileExists(atPath: settings) else {
            throw GuardianError(
                .notFound,
                "There is no readable \(settings): start the recorder once, and run this as its user, or root.")
        }
        guard let file = Self.decoded(settings, as: SettingsFile.self) else { throw Self.unreadable(settings) }
        let secrets = Self.decoded(passwords, as: PasswordsFile.self)
        guard secrets != nil || !FileManager.default.fileExists(atPath: passwords) else {
            throw Self.unreadable(passwords)
        }
        let known = Dictionary(grouping: secrets?.passwords ?? [], by: \.cameraId)
        return CameraList(records: try file.cameras.map { try $0.record(known[$0.cameraId] ?? []) })
    }

    private static func unreadable(_ path: String) -> GuardianError {
        GuardianError(
            .dataLoss, "\(path) cannot be read: run this as the recorder's user or root, or restart the recorder.")
    }

    /// Writes both files, so that whatever fails or crashes in between, every camera has its password, and what the configuration
    /// file said counts as imported only once it is in the settings.
    ///
    /// - Parameter before: what the files hold now.
    /// - Throws: `resourceExhausted` when they cannot be written; then the settings are as they were.
    package func save(_ list: CameraList, after before: CameraList) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let (old, new) = (PasswordsFile(before), PasswordsFile(list))
        do {
            if old != new { try Durability.replace(passwords, with: encoder.encode(old.adding(new.passwords))) }
            let file = SettingsFile(version: Self.version, cameras: list.records.map(StoredCamera.init))
            try Durability.replace(settings, with: encoder.encode(file))
        } catch {
            throw GuardianError(
                .resourceExhausted, "\(settings) cannot be written, so nothing was changed: make room on the disk.",
                cause: error)
        }
        // If this fails, passwords that nobody needs stay until the next change, and the configuration file's cameras are merged
        // in again at the next start.
        if old != new { try? Durability.replace(passwords, with: encoder.encode(new)) }
    }

    /// The damaged files that were set aside and are still there.
    package var setAside: [String] {
        [settings, passwords].flatMap(SetAside.found)
    }

    private func read<File: Decodable & StoredVersion>(
        _ path: String, as type: File.Type, at time: Timestamp, _ wasDamaged: inout Bool
    ) -> File? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        if let file = Self.decoded(path, as: File.self) { return file }
        wasDamaged = true
        rename(path, SetAside.path(of: path, at: time))
        return nil
    }

    private static func decoded<File: Decodable & StoredVersion>(_ path: String, as type: File.Type) -> File? {
        guard let handle = FileHandle(forReadingAtPath: path),
            let bytes = try? handle.read(upToCount: limit + 1), bytes.count <= limit,
            let file = try? JSONDecoder().decode(File.self, from: bytes), file.version == version
        else { return nil }
        return file
    }

    private func keepCopy(of path: String, at time: Timestamp) {
        guard let bytes = FileManager.default.contents(atPath: path) else { return }
        // Without room for the copy, the file itself still stays until the next change.
        try? Durability.replace(SetAside.path(of: path, at: time), with: bytes)
    }
}

private protocol StoredVersion { var version: Int { get } }

private struct SettingsFile: Codable, StoredVersion {
    var version: Int
    var cameras: [StoredCamera]
}

private struct PasswordsFile: Codable, StoredVersion, Hashable {
    var version: Int
    /// While a change is written, a camera may have two: of its old addresses and of its new ones.
    var passwords: [StoredPasswords]
    /// By alias: the digest of what the configuration file said. It covers passwords, so it is here.
    var imported: [String: Hash256]

    init(_ list: CameraList) {
        version = CameraSettingsFiles.version
        passwords = list.records.compactMap(StoredPasswords.init)
        imported = Dictionary(
            list.imported.map { ($0.key.text, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func adding(_ others: [StoredPasswords]) -> PasswordsFile {
        var file = self
        file.passwords += others.filter { !passwords.contains($0) }
        return file
    }
}

/// A camera in the file that people may read.
private struct StoredCamera: Codable {
    var cameraId: CameraID
    var id: CameraAlias
    var name: String
    var source: String
    var detect: String?
    var transport: CameraConfiguration.Transport
    var audio: Bool
    var pausedSince: Moment?
    var imported: Bool

    init(_ record: CameraRecord) {
        cameraId = record.id
        id = record.alias
        name = record.camera.name
        source = CameraChecks.withoutSecrets(record.camera.source.reveal())
        detect = record.camera.detect.map { CameraChecks.withoutSecrets($0.reveal()) }
        transport = record.camera.transport
        audio = record.camera.audio
        pausedSince = record.pausedSince?.moment
        imported = record.isImported
    }

    /// - Throws: `invalidArgument` when somebody wrote what is no camera.
    func record(_ passwords: [StoredPasswords]) throws -> CameraRecord {
        // The last one is of the newest change.
        func whole(_ shown: String, _ secrets: [String?]) -> Secret<String> {
            let fitting = secrets.compactMap(\.self).last { secret in
                CameraChecks.flaw(ofAddress: secret) == nil && CameraChecks.withoutSecrets(secret) == shown
            }
            return Secret(fitting ?? shown)
        }
        return CameraRecord(
            id: cameraId,
            camera: try CameraConfiguration(
                alias: id, name: name, source: whole(source, passwords.map(\.source)),
                detect: detect.map { whole($0, passwords.map(\.detect)) }, transport: transport, audio: audio),
            pausedSince: pausedSince?.time, isImported: imported)
    }
}

/// The addresses of a camera with everything that is secret in them.
private struct StoredPasswords: Codable, Hashable {
    var cameraId: CameraID
    var source: String?
    var detect: String?

    /// `nil` for a camera without secrets.
    init?(_ record: CameraRecord) {
        cameraId = record.id
        source = Self.secret(record.camera.source)
        detect = record.camera.detect.flatMap(Self.secret)
        if source == nil, detect == nil { return nil }
    }

    private static func secret(_ address: Secret<String>) -> String? {
        let text = address.reveal()
        return CameraChecks.withoutSecrets(text) == text ? nil : text
    }
}
