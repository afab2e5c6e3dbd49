import ServiceLifecycle

extension Tenants {
    /// What brings sealed parts to the store, and ends those of which nothing comes any more.
    ///
    /// - Parameter patience: how long an edge may be silent about a part.
    package func archiveServices(patience: Duration = .seconds(15)) throws -> [any Service] {
        let archive = try localScope().archive
        return [ArchiveShipping(archive: archive), ArchiveSilence(archive: archive, patience: patience)]
    }
}
