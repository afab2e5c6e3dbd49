import Foundation
import GuardianCore
import NIOCore

/// An address of this machine from which a network is searched.
package struct SearchInterface: Sendable {
    package var name: String
    package var address: SocketAddress
    package var index: Int
    package var isIPv6: Bool

    package static let limit = 32

    /// The interfaces that have multicast and an address of a private network; of IPv6 the link-local ones, because probes
    /// stay on the link (ff02::c). An interface that is down is found out when it is used.
    ///
    /// - Throws: `unavailable` when the machine does not tell.
    package static func all(_ rules: AddressRules) throws(GuardianError) -> [SearchInterface] {
        let devices: [NIONetworkDevice]
        do {
            devices = try System.enumerateDevices()
        } catch {
            throw GuardianError(
                .unavailable, "This machine does not tell its network interfaces: restart it.", cause: error)
        }
        let usable = devices.filter(\.multicastSupported).compactMap { device in
            device.address.flatMap { SearchInterface(device, $0, rules) }
        }
        return Array(usable.prefix(limit))
    }

    private init?(_ device: NIONetworkDevice, _ own: SocketAddress, _ rules: AddressRules) {
        guard let numeric = IPAddress(own) else { return nil }
        isIPv6 = numeric.bytes.count == 16
        switch numeric.kind {
        case .private: if isIPv6 { return nil }
        case .linkLocal: break
        case .loopback: guard rules.allowsLoopback, !isIPv6 else { return nil }
        case .public, .multicast, .metadata, .reserved: return nil
        }
        name = device.name
        index = device.interfaceIndex
        var address = own
        address.port = 0
        self.address = address
    }

    /// Where probes are sent: 239.255.255.250 or ff02::c, port 3702 (WS-Discovery, 2.4).
    package var group: SocketAddress {
        if isIPv6 {
            var group = sockaddr_in6()
            group.sin6_family = sa_family_t(AF_INET6)
            group.sin6_port = in_port_t(3702).bigEndian
            group.sin6_scope_id = UInt32(clamping: index)
            withUnsafeMutableBytes(of: &group.sin6_addr) { bytes in
                bytes[0] = 0xFF
                bytes[1] = 0x02
                bytes[15] = 0x0C
            }
            return SocketAddress(group)
        }
        var group = sockaddr_in()
        group.sin_family = sa_family_t(AF_INET)
        group.sin_port = in_port_t(3702).bigEndian
        group.sin_addr.s_addr = in_addr_t(0xEFFF_FFFA).bigEndian
        return SocketAddress(group)
    }

    /// Makes a socket send multicast out of this interface, one hop far.
    package func configure(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededVoidFuture()
        }
        if isIPv6 {
            let interface = options.setIPv6MulticastIF(CUnsignedInt(clamping: index))
            return interface.flatMap { options.setIPv6MulticastHops(1) }
        }
        guard case .v4(let own) = address else { return channel.eventLoop.makeSucceededVoidFuture() }
        return options.setIPMulticastIF(own.address.sin_addr).flatMap { options.setIPMulticastTTL(1) }
    }
}
