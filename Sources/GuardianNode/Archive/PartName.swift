import Foundation
import GuardianArchive
import GuardianCore
import GuardianWire

/// One part of a sealed clip, or an event's sealed picture: what an object holds.
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

    /// Its file in the spool.
    var fileName: String { "\(kind.rawValue)-\(ClipID(subject))-\(part).grdn" }

    var description: String { "\(kind.rawValue) \(ClipID(subject)) part \(part)" }
}

extension PartName {
    /// - Throws: `invalidArgument` when the message names none.
    init(kind: Guardian_V1_SealedKind, subject: String, part: UInt32) throws {
        guard let id = ClipID(subject), part <= 9_999 else {
            throw GuardianError(.invalidArgument, "A part is named by a UUID in lower case and a number up to 9,999.")
        }
        switch kind {
        case .clip: self.init(kind: .clip, subject: id.uuid, part: Int(part))
        case .snapshot: self.init(kind: .snapshot, subject: id.uuid, part: Int(part))
        case .unspecified, .UNRECOGNIZED:
            throw GuardianError(.invalidArgument, "This node keeps clips and snapshots, nothing else.")
        }
    }
}
