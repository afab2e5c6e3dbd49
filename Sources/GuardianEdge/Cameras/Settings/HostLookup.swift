import Foundation

/// The numeric addresses of a host's name. Looking one up blocks, so that it has a thread of its own.
enum HostLookup {
    /// The most addresses of a name that are looked at.
    private static let limit = 16

    static func addresses(of host: String) async -> [String] {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: lookUp(host)) }
            thread.name = "host lookup"
            thread.start()
        }
    }

    private static func lookUp(_ host: String) -> [String] {
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        var texts: [String] = []
        var next = found
        while let entry = next?.pointee, texts.count < limit {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            if getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                texts.append(String(decoding: bytes, as: UTF8.self))
            }
            next = entry.ai_next
        }
        return texts
    }
}
