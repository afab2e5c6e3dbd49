import Foundation
import GuardianArchive
import GuardianCore
import GuardianWire

/// What one object holds: a part of a sealed clip, or an event's sealed snapshot.
struct PartName: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        case clip
        /// The subject is an event.
        case snapshot
    }

    var kind: Kind
    /// A clip's or an event's id.
    var subject: UUID
    /// From 0.
    var part: Int

    var object: ArchiveObject {
        switch kind {
        case .clip: .clip(ClipID(subject), part: part)
        case .snapshot: .snapshot(EventID(subject))
        }
    }

    /// The name of its spool file.
    var fileName: String { "\(kind.rawValue)-\(ClipID(subject))-\(part).grdn" }

    var description: String { "\(kind.rawValue) \(ClipID(subject)) part \(part)" }
}

extension PartName {
    /// Parses the name of a spool file; `nil` when it is not one.
    init?(fileName: String) {
        guard let match = fileName.wholeMatch(of: #/(clip|snapshot)-([0-9a-f-]{36})-(\d{1,4})\.grdn/#),
            let kind = Kind(rawValue: String(match.1)), let id = ClipID(String(match.2)), let part = Int(match.3)
        else { return nil }
        self.init(kind: kind, subject: id.uuid, part: part)
        guard self.fileName == fileName else { return nil }
    }

    /// - Throws: `invalidArgument` when the values name no part.
    init(kind: Guardian_V1_SealedKind, subject: String, part: UInt32) throws {
        guard let id = ClipID(subject), part <= 9_999 else {
            throw GuardianError(.invalidArgument, "A part needs a UUID in lower case and a number up to 9,999.")
        }
        switch kind {
        case .clip: self.init(kind: .clip, subject: id.uuid, part: Int(part))
        case .snapshot:
            guard part == 0 else { throw GuardianError(.invalidArgument, "A snapshot is one part: number 0.") }
            self.init(kind: .snapshot, subject: id.uuid, part: 0)
        case .unspecified, .UNRECOGNIZED:
            throw GuardianError(.invalidArgument, "This kind is unknown: a node stores only clips and snapshots.")
        }
    }
}
