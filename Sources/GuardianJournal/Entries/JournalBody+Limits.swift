import GuardianCore

extension JournalBody {
    /// Checks the limits that readers enforce, before the entry is signed.
    ///
    /// - Throws: `invalidArgument` that names the exceeded limit.
    func checkLimits() throws {
        switch self {
        case .eventOpened(let event, let judgement):
            try event.checkLimits()
            try refuse(judgement.thresholds.count > JournalLimits.thresholds, "A judgement has too many thresholds.")
            try refuse(judgement.software.utf8.count > JournalLimits.text, "The software's name is too long.")
        case .eventUpdated(let event), .eventClosed(let event):
            try event.checkLimits()
        case .clipOpened(let clip), .clipClosed(let clip):
            try refuse(clip.contentType.utf8.count > JournalLimits.text, "A clip's content type is too long.")
            try refuse(
                clip.size < 0 || clip.duration < 0 || clip.missingPackets < 0,
                "A clip has a negative size, duration or number of missing packets.")
        case .clipSealed(let sealed):
            try refuse(sealed.parts.count > JournalLimits.parts, "A sealed clip has too many parts.")
        case .coverage(let coverage):
            try refuse(
                (coverage.reason?.utf8.count ?? 0) > JournalLimits.text,
                "The reason of a change of coverage is longer than \(JournalLimits.text) bytes.")
        case .eventKept, .tombstone: break
        case .unknown(let kind): throw GuardianError(.invalidArgument, "Entries of kind \(kind) cannot be written.")
        }
    }

    private func refuse(_ broken: Bool, _ message: String) throws {
        if broken { throw GuardianError(.invalidArgument, message) }
    }
}

extension Event {
    fileprivate func checkLimits() throws {
        guard path.count <= JournalLimits.path else {
            throw GuardianError(
                .invalidArgument,
                "Event \(id) has a path of \(path.count) points; at most \(JournalLimits.path) are allowed.")
        }
        guard clips.count <= JournalLimits.clips else {
            throw GuardianError(
                .invalidArgument, "Event \(id) names \(clips.count) clips; at most \(JournalLimits.clips) are allowed.")
        }
    }
}
