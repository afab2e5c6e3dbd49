import Foundation
import NIOPosix

/// Turns a host's name into addresses.
package struct HostResolver: Sendable {
    package var resolve: @Sendable (String) async -> [IPAddress]

    package init(_ resolve: @escaping @Sendable (String) async -> [IPAddress]) { self.resolve = resolve }

    /// At most 16; empty when the name is unknown.
    package func addresses(of host: String) async -> [IPAddress] { Array(await resolve(host).prefix(16)) }

    /// The machine's own. It blocks a thread of NIO's pool for as long as the machine's resolver waits.
    package static let system = HostResolver { host in
        (try? await NIOThreadPool.singleton.runIfActive { lookUp(host) }) ?? []
    }

    private static func lookUp(_ host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < 16 {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(text.count)
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, size, nil, 0, NI_NUMERICHOST) == 0 {
                let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if let address = IPAddress(name) { found.append(address) }
            }
            next = entry.ai_next
        }
        return found
    }
}
