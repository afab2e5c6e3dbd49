import GuardianCore
import GuardianHTTP

/// What the API and the command line do with cameras. Each of these is written to the disk before it returns, and says what is
/// wrong by the field.
extension CameraRegistry {
    /// Records that a camera is about to be changed: before it is, so that no change can be without its entry. One that then fails, for
    /// example because the disk is full, has an entry all the same.
    ///
    /// - Throws: when the entry cannot be written; then nothing is changed.
    package typealias Recording =
        @Sendable (_ camera: CameraID, _ alias: CameraAlias, _ changed: [String]) async throws -> Void

    /// Adds a camera, or brings a removed one back by its id, with its footage.
    ///
    /// - Throws: `invalidArgument`, `alreadyExists`, `resourceExhausted`, and what `record` throws.
    package func add(_ form: CameraForm, record: Recording = { _, _, _ in }) async throws -> CameraEntry {
        try requireUnit()
        // Looking up a host takes time: before the change, which others wait for.
        let first = try form.alias(apartFrom: settings.aliases.values)
        try await rules.check(try form.camera(first))
        let (id, alias) = try await settings.change { [settings] list, identify in
            let alias = try form.alias(apartFrom: settings.aliases.values)
            // Before the alias gets a UUID for ever.
            try list.requireRoom(for: alias)
            return (try identify(alias), alias)
        }
        try await record(id, alias, [])
        try await settings.change { list, _ in
            try list.add(CameraRecord(id: id, camera: try form.camera(alias)))
        }
        follow()
        return try entry(alias)
    }

    /// Changes a camera; what the form does not say stays. Only another address, transport or sound restarts it.
    ///
    /// - Returns: the camera, and the names of what changed.
    /// - Throws: `notFound`, `invalidArgument`, `resourceExhausted`, and what `record` throws.
    package func change(
        _ alias: CameraAlias, _ form: CameraForm, record: Recording = { _, _, _ in }
    ) async throws -> (CameraEntry, changed: [String]) {
        guard let known = settings.list[alias] else { throw CameraList.missing(alias) }
        let planned = try form.changing(known.camera)
        try await rules.check(planned, instead: known.camera)
        let differences = form.changed(known, to: planned, at: clock.now()).differences(from: known)
        if !differences.isEmpty { try await record(known.id, alias, differences) }
        let changed = try await settings.change { [clock] list, _ in
            guard let before = list[alias] else { throw CameraList.missing(alias) }
            let camera = try form.changing(before.camera)
            guard camera.source == planned.source, camera.detect == planned.detect else {
                throw GuardianError(.aborted, "Somebody else has just changed this camera; look at it and try again.")
            }
            let after = try list.change(alias) { $0 = form.changed($0, to: camera, at: clock.now()) }
            return after.differences(from: before)
        }
        follow()
        return (try entry(alias), changed)
    }

    /// Removes a camera. Its footage, its events and its UUID stay.
    ///
    /// - Throws: `notFound`, `resourceExhausted`, and what `record` throws.
    package func remove(_ alias: CameraAlias, record: Recording = { _, _, _ in }) async throws {
        guard let known = settings.list[alias] else { throw CameraList.missing(alias) }
        try await record(known.id, alias, [])
        _ = try await settings.change { list, _ in try list.remove(alias) }
        follow()
    }

    /// Tests an address that is not saved, or what a change of a camera would make of its address.
    ///
    /// - Throws: `invalidArgument`, and `aborted` while another test runs.
    func test(_ form: CameraForm) async throws -> CameraTestView {
        let known = form.id.flatMap(CameraAlias.init).flatMap { settings.list[$0] }
        let camera: CameraConfiguration
        if let known {
            camera = try form.changing(known.camera)
        } else {
            var form = form
            form.id = form.id ?? "new"
            camera = try form.camera(try form.alias(apartFrom: []))
        }
        if known?.camera.source != camera.source { try await rules.check(camera) }
        return try await newTest.run(CameraSettings(camera, rules: rules), of: camera.name)
    }

    /// Stations of removed cameras that take long to end must not become many.
    private func requireUnit() throws {
        guard unitCount < 2 * CameraList.limit else {
            throw GuardianError(.resourceExhausted, "Removed cameras are still ending; try again in a minute.")
        }
    }

    /// - Throws: `notFound`.
    package func entry(_ alias: CameraAlias) throws -> CameraEntry {
        guard let entry = entries.first(where: { $0.record.alias == alias }) else { throw CameraList.missing(alias) }
        return entry
    }
}

extension CameraForm {
    /// Returns what a camera becomes by this form.
    fileprivate func changed(_ record: CameraRecord, to camera: CameraConfiguration, at now: Timestamp) -> CameraRecord
    {
        var record = record
        record.camera = camera
        if let isPaused { record.pausedSince = isPaused ? record.pausedSince ?? now : nil }
        return record
    }
}

extension CameraRecord {
    /// The names of what is different, for the audit log: never the values.
    fileprivate func differences(from before: CameraRecord) -> [String] {
        [
            ("name", camera.name != before.camera.name), ("source", camera.source != before.camera.source),
            ("detect", camera.detect != before.camera.detect),
            ("transport", camera.transport != before.camera.transport), ("audio", camera.audio != before.camera.audio),
            (pausedSince == nil ? "resumed" : "paused", pausedSince != before.pausedSince),
        ].filter(\.1).map(\.0)
    }
}
