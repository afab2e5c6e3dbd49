/// What a request costs, as far as limits go. Every route has one.
public enum RequestKind: Hashable, Sendable, CaseIterable {
    /// GET and HEAD.
    case reading
    /// POST, PUT and DELETE.
    case changing
    /// Bytes of the archive, which may come from an object store that is paid by the request.
    case fetching
    /// What connects to other devices or keeps this machine busy for seconds, such as a camera test.
    case expensive
}
