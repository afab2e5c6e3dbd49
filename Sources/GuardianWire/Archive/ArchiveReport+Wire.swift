import GuardianCore

extension Guardian_V1_ArchiveReport {
    public init(_ report: ArchiveReport) {
        self.init()
        all = Guardian_V1_ArchiveLevel(report.all)
        cameras = report.cameras.prefix(ArchiveLimits.cameras).map { camera in
            .with {
                $0.camera = camera.id.description
                $0.level = Guardian_V1_ArchiveLevel(camera.level)
            }
        }
        whenFull = WhenFull(report.whenFull)
        if let limit = report.days { days = UInt32(clamping: limit) }
        heldClips = UInt64(clamping: report.heldClips)
        heldBytes = UInt64(clamping: report.heldBytes)
        refusedClips = UInt64(clamping: report.refused.clips)
        refusedReason = PeerText.bounded(report.refused.reason ?? "", to: ArchiveLimits.text)
        problems = WireField.sentences(report.problems)
        notes = WireField.sentences(report.notes)
    }
}

extension Guardian_V1_ArchiveLevel {
    init(_ level: ArchiveReport.Level) {
        self.init()
        bytes = UInt64(clamping: level.bytes)
        objects = UInt64(clamping: level.objects)
        if let limit = level.byteLimit { byteLimit = UInt64(clamping: limit) }
        if let limit = level.objectLimit { objectLimit = UInt64(clamping: limit) }
        nearlyFull = level.isNearlyFull
    }
}

extension Guardian_V1_ArchiveReport.WhenFull {
    init(_ whenFull: ArchiveReport.WhenFull) {
        self =
            switch whenFull {
            case .refuse: .refuse
            case .removeOldest: .removeOldest
            }
    }
}

extension ArchiveReport {
    /// - Throws: `GuardianError` `.internal` when a value is impossible, `unimplemented` when there is no report.
    public init(_ wire: Guardian_V1_ArchiveReport) throws {
        guard wire.hasAll else { throw Guardian_V1_ArchivePage.otherVersion }
        guard let whenFull = WhenFull.allCases.first(where: { Guardian_V1_ArchiveReport.WhenFull($0) == wire.whenFull })
        else { throw WireField.impossible }
        self.init(
            all: try Level(wire.all),
            cameras: try WireField.checked(wire.cameras, to: ArchiveLimits.cameras).map { camera in
                Camera(id: try WireField.id(camera.camera), level: try Level(camera.level))
            },
            whenFull: whenFull, days: wire.hasDays ? Int(wire.days) : nil,
            heldClips: try WireField.number(wire.heldClips, in: Plausible.count),
            heldBytes: try WireField.number(wire.heldBytes, in: Plausible.storage),
            refused: Refused(
                clips: try WireField.number(wire.refusedClips, in: Plausible.count),
                reason: WireField.text(wire.refusedReason)),
            problems: WireField.sentences(wire.problems), notes: WireField.sentences(wire.notes))
    }
}

extension ArchiveReport.Level {
    /// What a quota may be: its owner may write any number.
    private static let limits: ClosedRange<Int64> = 0...Int64.max

    /// - Throws: `GuardianError` `.internal` when a value is impossible.
    init(_ wire: Guardian_V1_ArchiveLevel) throws {
        self.init(
            bytes: try WireField.number(wire.bytes, in: Plausible.storage),
            objects: try WireField.number(wire.objects, in: Plausible.count),
            byteLimit: wire.hasByteLimit ? try WireField.number(wire.byteLimit, in: Self.limits) : nil,
            objectLimit: wire.hasObjectLimit ? try WireField.number(wire.objectLimit, in: Self.limits) : nil,
            isNearlyFull: wire.nearlyFull)
    }
}
