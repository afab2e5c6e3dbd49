import Foundation
import GuardianCore

/// Turns a host's name into addresses.
package struct HostResolver: Sendable {
    package var resolve: @Sendable (String) async -> [IPAddress]

    package init(_ resolve: @escaping @Sendable (String) async -> [IPAddress]) { self.resolve = resolve }

    /// At most `limit`; empty when the name is unknown.
    package func addresses(of host: String) async -> [IPAddress] { Array(await resolve(host).prefix(Self.limit)) }

    /// The most addresses of a name that are looked at.
    private static let limit = 16

    /// The machine's own. It blocks a thread for as long as the machine's resolver waits; four look-ups run at once, and others wait.
    package static let system = HostResolver { host in
        await withCheckedContinuation { continuation in
            queue.addOperation { continuation.resume(returning: waiting(for: host)) }
        }
    }

    private static let queue: OperationQueue = {
        let queue = OperationQueue()
        queue.name = "host lookup"
        queue.maxConcurrentOperationCount = 4
        return queue
    }()

    /// The machine's own, for a thread that may wait: at most 16 addresses, none when the name is unknown.
    package static func waiting(for host: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [IPAddress] = []
        var next = list
        while let entry = next?.pointee, found.count < limit {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = socklen_t(text.count)
            if getnameinfo(entry.ai_addr, entry.ai_addrlen, &text, size, nil, 0, NI_NUMERICHOST) == 0 {
                let name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if let address = IPAddress(ofHost: name) { found.append(address) }
            }
            next = entry.ai_next
        }
        return found
    }
}
