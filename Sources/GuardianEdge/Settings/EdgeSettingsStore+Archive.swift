import GuardianCore

extension EdgeSettingsStore {
    /// What is archived now, and with how much bandwidth.
    package nonisolated var archive: ArchiveForm { fixedArchive.over(stored.withLock { $0.archive }) }

    /// Refuses what `changeArchive` would refuse.
    ///
    /// - Parameter known: the cameras that there are.
    /// - Throws: `invalidArgument` whose context names the field.
    package nonisolated func checkArchive(_ form: ArchiveForm, cameras known: Set<CameraAlias>) throws {
        try form.check()
        let changed = form.differences(from: archive)
        if let setting = changed.first(where: fixedArchive.says) {
            throw ArchiveForm.refusal(
                setting, "The configuration file sets this: change it there, and restart Guardian.")
        }
        // What was chosen before may be gone by now, and is sent back with the rest.
        let chosen = Set(archive.cameras?.value ?? [])
        if let unknown = form.cameras?.value?.first(where: { !known.contains($0) && !chosen.contains($0) }) {
            throw ArchiveForm.refusal(.cameras, "There is no camera \(unknown).")
        }
    }

    /// Changes what `form` says; the rest stays. It counts for the next event, and for the bandwidth at once.
    ///
    /// - Parameter record: is told what is about to be changed, before it is; not called when nothing is.
    /// - Throws: what `checkArchive` throws, `resourceExhausted` when the change cannot be written, and what `record` throws; then
    ///   nothing has changed.
    package func changeArchive(
        _ form: ArchiveForm, cameras known: Set<CameraAlias>,
        record: @Sendable (_ changed: [ArchiveForm.Setting]) async throws -> Void
    ) async throws {
        try checkArchive(form, cameras: known)
        let changed = form.differences(from: archive)
        guard !changed.isEmpty else { return }
        try await record(changed)
        // Another change may have been made meanwhile.
        try save { $0.archive = form.apart(from: fixedArchive).over($0.archive) }
    }
}
