import Synchronization

/// The uploads that this process has open.
final class PartUploads: Sendable {
    private let open = Mutex<[Int64: PartUpload]>([:])

    /// Returns the part's upload; a new one when the part was reset.
    func upload(of part: StoredPart, in archive: TenantArchive) -> PartUpload {
        open.withLock { open in
            if let known = open[part.row], known.bind == part.bind { return known }
            let upload = PartUpload(part, archive: archive)
            open[part.row] = upload
            return upload
        }
    }

    func forget(_ part: StoredPart) { open.withLock { $0[part.row] = nil } }
}
