import GuardianCore

/// Where a service of a camera is asked.
public struct CameraAddress: Hashable, Sendable, CustomStringConvertible {
    /// The device service's path (ONVIF Core Specification, 5.1.1).
    package static let servicePath = "/onvif/device_service"

    public let isSecure: Bool
    /// A name or a numeric address, without brackets.
    public let host: String
    public let port: Int
    /// Path and query.
    public let path: String

    package init(isSecure: Bool = false, host: String, port: Int? = nil, path: String = servicePath) {
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? (isSecure ? 443 : 80)
        self.path = path
    }

    /// - Parameter text: `HOST`, `HOST:PORT`, or the web address of the device service.
    /// - Throws: `invalidArgument` for anything else.
    public init(_ text: String) throws(GuardianError) {
        if let uri = PlainURI(text), let address = CameraAddress(uri) {
            self = address
        } else if let place = PlainURI.split(text[...]) {
            self.init(host: place.host, port: place.port)
        } else {
            throw GuardianError(
                .invalidArgument, "The camera's address must be like 192.168.1.20, camera.local or 192.168.1.20:8000.")
        }
    }

    /// `nil` for what is no web address.
    package init?(_ uri: PlainURI) {
        guard uri.scheme == "http" || uri.scheme == "https" else { return nil }
        let path = uri.tail.prefix { $0 != "#" }
        self.init(
            isSecure: uri.scheme == "https", host: uri.host, port: uri.port,
            path: path.isEmpty || path == "/" ? Self.servicePath : path.hasPrefix("/") ? String(path) : "/\(path)")
    }

    /// For people: host, and port if it is not the usual one.
    public var description: String { isUsualPort ? host : "\(PlainURI.uriHost(host)):\(port)" }

    /// The shortest text that `init(_:)` reads as this address.
    public var shortest: String { !isSecure && path == Self.servicePath ? description : url }

    /// The web address of the service.
    public var url: String { url(at: PlainURI.uriHost(host)) }

    package func url(at uriHost: String) -> String { "\(isSecure ? "https" : "http")://\(uriHost):\(port)\(path)" }

    /// The value of the Host header field.
    package var hostField: String { isUsualPort ? PlainURI.uriHost(host) : "\(PlainURI.uriHost(host)):\(port)" }

    private var isUsualPort: Bool { port == (isSecure ? 443 : 80) }

    /// Returns where another service of this camera is asked: the port and path that it gives, at the host that we talk to. A
    /// camera behind another address names one that is not its own here; a liar names somebody else's.
    package func service(at text: String) -> CameraAddress? {
        guard let given = PlainURI(text).flatMap({ CameraAddress($0) }) else { return nil }
        // A service without encryption beside one with it would be a way to read the password.
        guard given.isSecure || !isSecure else {
            return CameraAddress(isSecure: true, host: host, port: port, path: given.path)
        }
        return CameraAddress(isSecure: given.isSecure, host: host, port: given.port, path: given.path)
    }

    /// Returns where a redirect leads: to the same host only, and not from an encrypted connection to one without.
    package func redirected(to location: String) -> CameraAddress? {
        if location.hasPrefix("/"), !location.hasPrefix("//") {
            // Read as part of a whole address, which checks its characters.
            return PlainURI("http://host\(location)").map { uri in
                CameraAddress(isSecure: isSecure, host: host, port: port, path: String(uri.tail.prefix { $0 != "#" }))
            }
        }
        guard let target = PlainURI(location).flatMap({ CameraAddress($0) }), PlainURI.isSame(target.host, host),
            target.isSecure || !isSecure
        else { return nil }
        return target
    }
}
