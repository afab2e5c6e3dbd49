extension GuardianError {
    /// The error for a clip that the archive does not have, or not for whoever asks.
    package static func noArchived(_ clip: ClipID) -> GuardianError {
        GuardianError(.notFound, "The archive has no clip \(clip). GET /api/v1/archive lists those that it has.")
    }

    /// The error for an event of which the archive has no picture, or not for whoever asks.
    package static func noArchivedPicture(of event: EventID) -> GuardianError {
        GuardianError(
            .notFound,
            "The archive has no picture of an event \(event). GET /api/v1/archive/events lists those it has.")
    }
}
