import GuardianCore

extension Guardian_V1_ArchiveStatus {
    public init(_ status: ArchiveStatus) {
        self =
            switch status {
            case .pending: .pending
            case .uploading: .uploading
            case .stored: .stored
            case .interrupted: .interrupted
            case .failed: .failed
            case .refused: .refused
            }
    }

    /// `nil` when it is unspecified, or this version does not know it.
    public var status: ArchiveStatus? { ArchiveStatus.allCases.first { Self($0) == self } }
}
