import GuardianCore

extension Guardian_V1_ArchivedPicture {
    init(_ picture: ArchivedPicture) {
        self.init()
        event = picture.event.description
        camera = picture.camera.description
        startedAt = picture.startedAt.milliseconds
        status = Guardian_V1_ArchiveStatus(picture.status)
        reason = PeerText.bounded(picture.reason ?? "", to: ArchiveLimits.text)
        contentType = WireField.contentType(picture.contentType ?? "") ?? ""
        clips = picture.clips.prefix(ArchiveLimits.shown).map(\.description)
        file = Guardian_V1_ArchivedPart(picture.file)
    }
}

extension ArchivedPicture {
    /// - Throws: `GuardianError` `.internal` when a value is impossible.
    init(_ wire: Guardian_V1_ArchivedPicture) throws {
        guard let status = wire.status.status else { throw WireField.impossible }
        self.init(
            event: try WireField.id(wire.event), camera: try WireField.id(wire.camera),
            startedAt: WireField.time(wire.startedAt), status: status, reason: WireField.text(wire.reason),
            contentType: WireField.contentType(wire.contentType), clips: try WireField.ids(wire.clips),
            file: try ArchivedPart(wire.file))
    }
}
