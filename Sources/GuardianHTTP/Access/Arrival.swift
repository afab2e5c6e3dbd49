import GuardianCore
import GuardianIdentity
import HTTPTypes
import Hummingbird

/// How a request arrived.
struct Arrival: Sendable {
    /// The client's address, as far as configured proxies tell it, and its `User-Agent`.
    let origin: RequestOrigin
    private let request: Request
    private let connection: String
    private let proxies: WebProxies

    init(_ request: Request, _ context: WebContext, proxies: WebProxies) {
        let connection = context.channel.remoteAddress?.ipAddress ?? "local"
        (self.request, self.connection, self.proxies) = (request, connection, proxies)
        let client = HTTPField.Name("X-Forwarded-For").map { name in
            proxies.client(of: connection, forwardedFor: request.headers[values: name])
        }
        origin = RequestOrigin(
            address: client ?? connection, agent: request.headers[.userAgent] ?? "", realm: context.realm)
    }

    /// Whether a program of this machine sent it for itself, as far as can be seen. Found out when it is asked for: few routes need it.
    var isLocal: Bool {
        IPAddress(ofHost: connection)?.kind == .loopback && !proxies.contain(connection)
            && !isForwarded && namesThisMachine
    }

    /// Whether a proxy says that it passed the request on, so that its address is not the client's (RFC 7239; RFC 9110, 7.6.3).
    private var isForwarded: Bool {
        [
            "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix", "x-forwarded-proto",
            "x-real-ip",
        ].contains { name in HTTPField.Name(name).map { request.headers[$0] != nil } ?? false }
    }

    /// Whether the request is for `localhost` or a loopback address: what a proxy passes on is for the name that its clients typed,
    /// unless it replaces it.
    private var namesThisMachine: Bool {
        switch request.head.authority.flatMap({ Authority($0) })?.host {
        case .address(let address): address.kind == .loopback
        case .name(let name): name.text == "localhost"
        case nil: false
        }
    }
}
