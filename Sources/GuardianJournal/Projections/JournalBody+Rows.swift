import Foundation
import GuardianCore

extension JournalBody {
    /// The id of the event or clip that an entry is about, as the tables store it.
    var subject: UUID? {
        switch self {
        case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event): event.id.uuid
        case .clipOpened(let clip), .clipClosed(let clip): clip.id.uuid
        case .clipSealed(let sealed): sealed.clip.uuid
        case .eventKept(let keep): keep.event.uuid
        case .tombstone(let tombstone): tombstone.subject.uuid
        case .coverage, .chainBegun, .unknown: nil
        }
    }
}

extension Tombstone.Subject {
    var uuid: UUID {
        switch self {
        case .event(let id), .snapshot(let id): id.uuid
        case .clip(let id): id.uuid
        }
    }

    var kind: String {
        switch self {
        case .event: "event"
        case .clip: "clip"
        case .snapshot: "snapshot"
        }
    }
}

extension Coverage {
    /// Kinds of coverage changes: within one family, a loss is ended by its return.
    enum Family: Int, CaseIterable {
        case recorder
        case camera
        case watch
        case disk
    }
}

extension Coverage.Change {
    var family: Coverage.Family {
        switch self {
        case .started, .stopped, .fell: .recorder
        case .cameraLost, .cameraBack, .cameraPaused, .cameraRemoved: .camera
        case .watchLost, .watchBack: .watch
        case .diskFull, .diskBack: .disk
        }
    }

    /// Whether this change begins a gap.
    var isLoss: Bool {
        switch self {
        case .stopped, .fell, .cameraLost, .cameraPaused, .watchLost, .diskFull: true
        case .started, .cameraBack, .cameraRemoved, .watchBack, .diskBack: false
        }
    }
}

extension CameraID? {
    /// The column's value: the 16 bytes of the id, or no bytes for all cameras (a primary key must not be `NULL`).
    var cameraKey: Data {
        guard let self else { return Data() }
        return withUnsafeBytes(of: self.uuid.uuid) { Data($0) }
    }
}
