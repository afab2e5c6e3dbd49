import GuardianCore

extension Guardian_V1_ArchiveQuery {
    /// A page's query.
    ///
    /// - Parameter limit: the most items.
    public init(_ query: ArchiveQuery, of kind: Guardian_V1_SealedKind, limit: Int, cursor: String?) {
        self.init()
        self.kind = kind
        cameras = query.cameras.map { $0.map(\.description).sorted() } ?? []
        if let time = query.from { from = time.milliseconds }
        if let time = query.to { to = time.milliseconds }
        if let wanted = query.status { status = Guardian_V1_ArchiveStatus(wanted) }
        ofEvent = query.event?.description ?? ""
        self.limit = UInt32(clamping: limit)
        self.cursor = cursor ?? ""
    }

    /// What an edge asks for.
    public enum Request: Sendable, Hashable {
        case clip(ClipID)
        case picture(EventID)
        case clips(ArchiveQuery, limit: Int, cursor: String?)
        case pictures(ArchiveQuery, limit: Int, cursor: String?)
    }

    /// Items of a page when the query does not say how many.
    private static let usualLimit = 50

    /// The request, checked.
    ///
    /// - Throws: `GuardianError` `.invalidArgument` when a value is impossible.
    public func checkedRequest() throws -> Request {
        if !event.isEmpty { return .picture(try id(event, "event")) }
        if !clip.isEmpty { return .clip(try id(clip, "clip")) }
        let times = [hasFrom ? from : nil, hasTo ? to : nil].compactMap(\.self)
        guard times.allSatisfy(Timestamp.range.contains), limit <= ArchivePage<ArchivedClip>.limit,
            status == .unspecified || status.status != nil, cursor.utf8.count <= ArchiveLimits.cursor,
            cameras.count <= ArchiveLimits.cameras
        else { throw GuardianError(.invalidArgument, "The query of the archive is invalid.") }
        let query = ArchiveQuery(
            cameras: cameras.isEmpty ? nil : Set(try cameras.map { try id($0, "camera") }),
            from: hasFrom ? Timestamp(milliseconds: from) : nil, to: hasTo ? Timestamp(milliseconds: to) : nil,
            status: status.status, event: ofEvent.isEmpty ? nil : try id(ofEvent, "event"))
        let (count, next) = (limit == 0 ? Self.usualLimit : Int(limit), cursor.isEmpty ? nil : cursor)
        switch kind {
        case .unspecified, .clip: return .clips(query, limit: count, cursor: next)
        case .snapshot: return .pictures(query, limit: count, cursor: next)
        case .UNRECOGNIZED: throw GuardianError(.invalidArgument, "The archive has only clips and snapshots.")
        }
    }

    private func id<Kind>(_ text: String, _ what: String) throws -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else {
            throw GuardianError(.invalidArgument, "The \(what) must be a UUID.")
        }
        return id
    }
}
