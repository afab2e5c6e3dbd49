import Foundation
import GuardianCore
import GuardianOperations

/// What this machine is called in its network: its host name and the addresses of its interfaces.
package struct Machine: Hashable, Sendable {
    package let name: HostName?
    /// Sorted, at most `limit`.
    package let addresses: [IPAddress]

    /// Machines with containers have hundreds of interfaces; a certificate with all of them would not fit into a handshake.
    package static let limit = 64

    package init(name: String, addresses: [String]) {
        self.init(name: name, found: addresses.compactMap { IPAddress($0) })
    }

    private init(name: String, found: [IPAddress]) {
        self.name = HostName(name)
        let sorted = Set(found).sorted { left, right in
            left.bytes.count == right.bytes.count
                ? left.bytes.lexicographicallyPrecedes(right.bytes) : left.bytes.count < right.bytes.count
        }
        addresses = Array(sorted.prefix(Self.limit))
    }

    /// The names that machines of the network may reach it by: `recorder`, and `recorder.local` by mDNS (RFC 6762).
    package var names: [HostName] {
        guard let name, name.text != "localhost" else { return [] }
        return [name, localName].compactMap(\.self)
    }

    /// Its name by mDNS, if a responder such as avahi-daemon runs and no other machine of the network has this name.
    package var localName: HostName? {
        guard let name, name.text != "localhost" else { return nil }
        return HostName("\(name.text.prefix { $0 != "." }).local")
    }

    /// Reads the host name and the addresses of the interfaces that are up.
    package static func current() -> Machine {
        Machine(name: MachineName.current, found: interfaceAddresses())
    }

    private static func interfaceAddresses() -> [IPAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let interface = next {
            next = interface.pointee.ifa_next
            guard interface.pointee.ifa_flags & UInt32(IFF_UP) != 0,
                let address = interface.pointee.ifa_addr
            else { continue }
            // The kernel's address has the length of its family, which is read first.
            let bytes: [UInt8]? =
                switch Int32(address.pointee.sa_family) {
                case AF_INET:
                    address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                        withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
                    }
                case AF_INET6:
                    address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                        withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
                    }
                default: nil
                }
            if let bytes, let address = IPAddress(bytes: bytes) { addresses.append(address) }
        }
        return addresses
    }
}
