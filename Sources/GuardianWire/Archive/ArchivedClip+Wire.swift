import GuardianCore

extension Guardian_V1_ArchivedClip {
    init(_ clip: ArchivedClip) {
        self.init()
        self.clip = clip.id.description
        camera = clip.camera.description
        startedAt = clip.startedAt.milliseconds
        if let milliseconds = clip.duration { duration = milliseconds }
        status = Guardian_V1_ArchiveStatus(clip.status)
        reason = PeerText.bounded(clip.reason ?? "", to: ArchiveLimits.text)
        held = clip.isHeld
        contentType = WireField.contentType(clip.contentType ?? "") ?? ""
        events = clip.events.prefix(ArchiveLimits.shown).map(\.description)
        pictures = clip.pictures.prefix(ArchiveLimits.shown).map(\.description)
        parts = clip.parts.prefix(ArchiveLimits.parts).map(Guardian_V1_ArchivedPart.init)
    }
}

extension ArchivedClip {
    /// - Throws: `GuardianError` `.internal` when a value is impossible.
    init(_ wire: Guardian_V1_ArchivedClip) throws {
        guard let status = wire.status.status else { throw WireField.impossible }
        self.init(
            id: try WireField.id(wire.clip), camera: try WireField.id(wire.camera),
            startedAt: WireField.time(wire.startedAt),
            duration: wire.hasDuration ? try WireField.number(wire.duration, in: Plausible.duration) : nil,
            status: status, reason: WireField.text(wire.reason), isHeld: wire.held,
            contentType: WireField.contentType(wire.contentType), events: try WireField.ids(wire.events),
            pictures: try WireField.ids(wire.pictures),
            parts: try WireField.checked(wire.parts, to: ArchiveLimits.parts).map(ArchivedPart.init))
    }
}
