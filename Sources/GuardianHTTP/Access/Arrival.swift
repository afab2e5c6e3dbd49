import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

/// How a request arrived.
struct Arrival: Sendable {
    /// The client's address, as far as configured proxies tell it, and its `User-Agent`.
    let origin: RequestOrigin
    /// Whether a program of this machine sent it for itself, as far as can be seen.
    let isLocal: Bool

    init(_ request: Request, _ context: WebContext, proxies: WebProxies) {
        let connection = context.channel.remoteAddress?.ipAddress ?? "local"
        let client = HTTPField.Name("X-Forwarded-For").map { name in
            proxies.client(of: connection, forwardedFor: request.headers[values: name])
        }
        origin = RequestOrigin(address: client ?? connection, agent: request.headers[.userAgent] ?? "")
        isLocal =
            IPAddress(ofHost: connection)?.kind == .loopback && !proxies.contain(connection)
            && !Self.isForwarded(request) && Self.namesThisMachine(request)
    }

    /// Whether a proxy says that it passed the request on, so that its address is not the client's (RFC 7239; RFC 9110, 7.6.3).
    private static func isForwarded(_ request: Request) -> Bool {
        [
            "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
        ].contains { name in HTTPField.Name(name).map { request.headers[$0] != nil } ?? false }
    }

    /// Whether the request is for `localhost` or a loopback address: what a proxy passes on is for the name that its clients typed,
    /// unless it replaces it.
    private static func namesThisMachine(_ request: Request) -> Bool {
        switch request.head.authority.flatMap({ Authority($0) })?.host {
        case .address(let address): address.kind == .loopback
        case .name(let name): name.text == "localhost"
        case nil: false
        }
    }
}
