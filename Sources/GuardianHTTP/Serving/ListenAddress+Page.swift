import Foundation

extension ListenAddress {
    /// The address at which people open this server's pages, as links for them name it.
    public var page: String {
        let name =
            switch host {
            case "127.0.0.1", "::1", "localhost": "localhost"
            // Every address of this machine: its name in the local network (RFC 6762).
            case "0.0.0.0", "::": "\(ProcessInfo.processInfo.hostName.prefix { $0 != "." }).local"
            default: host.contains(":") ? "[\(host)]" : host
            }
        return "https://\(name):\(port)"
    }
}
