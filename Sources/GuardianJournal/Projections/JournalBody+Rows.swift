import Foundation
import GuardianCore

extension JournalBody {
    /// The event or clip that an entry is about, as rows name it.
    var subject: UUID? {
        switch self {
        case .eventOpened(let event, _), .eventUpdated(let event), .eventClosed(let event): event.id.uuid
        case .clipOpened(let clip), .clipClosed(let clip): clip.id.uuid
        case .clipSealed(let sealed): sealed.clip.uuid
        case .eventKept(let keep): keep.event.uuid
        case .tombstone(let tombstone): tombstone.subject.uuid
        case .coverage, .unknown: nil
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
    /// Changes that take each other back.
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
        case .cameraLost, .cameraBack: .camera
        case .watchLost, .watchBack: .watch
        case .diskFull, .diskBack: .disk
        }
    }

    /// Whether something is missing from here on.
    var isLoss: Bool {
        switch self {
        case .stopped, .fell, .cameraLost, .watchLost, .diskFull: true
        case .started, .cameraBack, .watchBack, .diskBack: false
        }
    }
}

extension CameraID? {
    /// What a row says: 16 bytes, or none for every camera (`NULL` cannot stand in a key).
    var cameraKey: Data {
        guard let self else { return Data() }
        return withUnsafeBytes(of: self.uuid.uuid) { Data($0) }
    }
}
