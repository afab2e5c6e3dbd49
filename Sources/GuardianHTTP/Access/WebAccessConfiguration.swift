/// Whom a web server believes, as the configuration says it.
public struct WebAccessConfiguration: Hashable, Sendable {
    /// Who may read `/metrics`.
    public enum Metrics: String, Hashable, Sendable, CaseIterable {
        /// Programs of this machine, and whoever may read metrics.
        case local
        /// Only whoever has a token or a session that may read metrics: for a proxy on this machine that says nothing of its clients.
        case token
    }

    public var proxies: WebProxies
    public var metrics: Metrics

    /// No proxies; metrics for this machine.
    public static let standard = WebAccessConfiguration(proxies: .none, metrics: .local)

    public init(proxies: WebProxies, metrics: Metrics) {
        self.proxies = proxies
        self.metrics = metrics
    }
}
