import Foundation
import GRDB
import GuardianCore

/// The identity of a place that holds the archive's files: a UUID that stands in a marker there, and in the table.
struct PlaceID: Hashable, Sendable, CustomStringConvertible {
    /// Maximum bytes of a marker that is read.
    static let markerLimit = 256

    let uuid: UUID

    init(uuid: UUID = UUID()) { self.uuid = uuid }

    /// Parses a marker, or a row; `nil` when it is not a UUID.
    init?(_ text: String) {
        guard let uuid = UUID(uuidString: text.trimmingCharacters(in: .whitespacesAndNewlines)) else { return nil }
        self.uuid = uuid
    }

    /// The marker's content.
    var marker: [UInt8] { Array("\(self)\n".utf8) }

    var description: String { uuid.uuidString.lowercased() }

    /// What is at a place.
    enum Marker: Equatable {
        case none
        case id(PlaceID)
        /// A marker that nobody can read.
        case damaged

        init(_ bytes: some Collection<UInt8>) {
            guard !bytes.isEmpty else {
                self = .none
                return
            }
            self = PlaceID(String(decoding: bytes, as: UTF8.self)).map(Marker.id) ?? .damaged
        }
    }

    /// What follows from a marker and from what the table knows.
    enum Verdict: Equatable {
        case present
        /// Nothing contradicts it and nothing is known to be here: it becomes the place, with this id.
        case new(PlaceID)
        /// It is evidently the right place, and has this id.
        case adopted(PlaceID)
        case missing
        case foreign

        /// - Parameters:
        ///   - known: what the table has of it.
        ///   - evidence: whether a file that must be here is here; `nil` when no file must be here.
        init(_ marker: Marker, known: KnownPlace?, evidence: Bool?) {
            switch (marker, known?.id) {
            case (.damaged, _): self = .foreign
            case (.id(let found), let known?): self = found == known ? .present : .foreign
            case (.id(let found), nil): self = evidence == false ? .foreign : .adopted(found)
            case (.none, let id):
                switch evidence {
                case true?: self = .adopted(id ?? PlaceID())
                case false?: self = .missing
                // An empty mount point looks like a place in which nothing is stored yet, but for the mark.
                case nil: self = known?.wasMarked == true ? .missing : .new(id ?? PlaceID())
                }
            }
        }

        /// Whether the verdict depends on evidence.
        static func needsEvidence(_ marker: Marker, known: KnownPlace?) -> Bool {
            marker == .none || (known == nil && marker != .damaged)
        }
    }
}

/// What the table has of a place.
struct KnownPlace: Sendable {
    let id: PlaceID
    /// Whether the place had its marker before.
    let wasMarked: Bool
}

extension PlaceID {
    static func known(_ place: String, in database: Database) throws -> KnownPlace? {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT id, marked FROM places WHERE place = ?", arguments: [place])
        else { return nil }
        return PlaceID(row["id"] as String).map { KnownPlace(id: $0, wasMarked: row["marked"]) }
    }

    /// Gives a place this id, unless it has one.
    ///
    /// - Returns: the place's id.
    func claim(_ place: String, in database: Database) throws -> PlaceID {
        try database.execute(
            sql: "INSERT OR IGNORE INTO places (place, id) VALUES (?, ?)", arguments: [place, description])
        return try Self.known(place, in: database)?.id ?? self
    }

    /// Notes that a place has its marker.
    static func noteMarked(_ place: String, in database: Database) throws {
        try database.execute(sql: "UPDATE places SET marked = 1 WHERE place = ? AND marked = 0", arguments: [place])
    }
}
