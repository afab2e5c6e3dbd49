import Foundation
import GuardianCore
import GuardianJournal

/// All cameras, and what the configuration file said of them when it was last imported.
package struct CameraList: Sendable, Hashable {
    /// The most cameras of one edge.
    package static let limit = 64

    package private(set) var records: [CameraRecord]
    /// The digest of each camera that the file had.
    package private(set) var imported: [CameraAlias: Hash256]

    package init(records: [CameraRecord] = [], imported: [CameraAlias: Hash256] = [:]) {
        self.records = records
        self.imported = imported
    }

    package subscript(alias: CameraAlias) -> CameraRecord? { records.first { $0.alias == alias } }

    /// - Throws: as `requireRoom`.
    package mutating func add(_ record: CameraRecord) throws {
        try requireRoom(for: record.alias)
        records.append(record)
    }

    /// - Throws: `alreadyExists` for an alias that is in use, `resourceExhausted` when there are too many cameras.
    package func requireRoom(for alias: CameraAlias) throws {
        guard self[alias] == nil else {
            throw GuardianError(
                .alreadyExists, "There is a camera \(alias) already; choose another id.", context: ["field": "id"])
        }
        guard records.count < Self.limit else {
            throw GuardianError(
                .resourceExhausted, "There are \(Self.limit) cameras, which is the most; remove one first.")
        }
    }

    /// - Throws: `notFound`.
    package mutating func change(
        _ alias: CameraAlias, _ change: (inout CameraRecord) throws -> Void
    ) throws -> CameraRecord {
        guard let index = records.firstIndex(where: { $0.alias == alias }) else { throw Self.missing(alias) }
        var record = records[index]
        try change(&record)
        records[index] = record
        return record
    }

    /// - Throws: `notFound`.
    package mutating func remove(_ alias: CameraAlias) throws -> CameraRecord {
        guard let index = records.firstIndex(where: { $0.alias == alias }) else { throw Self.missing(alias) }
        return records.remove(at: index)
    }

    static func missing(_ alias: CameraAlias) -> GuardianError {
        GuardianError(.notFound, "There is no camera \(alias). GET /api/v1/cameras lists them.")
    }

    /// Merges in what the configuration file says: only what changed there since the last import, so that what the owner changed
    /// or removed at run time stays so. The file's cameras go first, in its order.
    ///
    /// - Parameter identify: returns the permanent UUID of an alias.
    /// - Returns: the cameras that there is no room for.
    package mutating func merge(
        _ cameras: [CameraConfiguration], identify: (CameraAlias) throws -> CameraID
    ) rethrows -> [CameraAlias] {
        var left: [CameraAlias] = []
        var digests: [CameraAlias: Hash256] = [:]
        for camera in cameras { digests[camera.alias] = camera.digest }
        // First, to make room.
        records.removeAll { $0.isImported && imported[$0.alias] != nil && digests[$0.alias] == nil }
        for camera in cameras where imported[camera.alias] != digests[camera.alias] {
            if let index = records.firstIndex(where: { $0.alias == camera.alias }) {
                records[index].camera = camera
                records[index].isImported = true
            } else if records.count < Self.limit {
                records.append(CameraRecord(id: try identify(camera.alias), camera: camera, isImported: true))
            } else {
                left.append(camera.alias)
                digests[camera.alias] = nil
            }
        }
        imported = digests
        let first = cameras.compactMap { self[$0.alias] }.filter(\.isImported)
        records = first + records.filter { record in !first.contains { $0.id == record.id } }
        return left
    }
}

extension CameraConfiguration {
    /// Tells whether two are the same. It covers passwords, and so is as secret as they are.
    var digest: Hash256 {
        let parts = [alias.text, name, source.reveal(), detect?.reveal() ?? "", transport.rawValue, "\(audio)"]
        return .sha256(of: Array(parts.joined(separator: "\0").utf8))
    }
}
