import GuardianCore

extension ArchiveReport {
    init(_ usage: ArchiveUsage, quota: ArchiveQuota, problems: [String], notes: [String]) {
        self.init(
            all: Level(usage.all),
            cameras: usage.cameras.sorted { $0.value.bytes > $1.value.bytes }.map { camera, level in
                Camera(id: camera, level: Level(level))
            },
            whenFull: quota.whenFull == .removeOldest ? .removeOldest : .refuse, days: quota.days,
            heldClips: usage.held.clips, heldBytes: usage.held.bytes,
            refused: Refused(clips: usage.refused.clips, reason: usage.refused.reason),
            problems: problems, notes: notes)
    }
}

extension ArchiveReport.Level {
    init(_ level: ArchiveUsage.Level) {
        self.init(
            bytes: level.bytes, objects: level.objects, byteLimit: level.limit.bytes, objectLimit: level.limit.objects,
            isNearlyFull: level.isNearlyFull)
    }
}
