import Foundation
import GuardianCore
import Synchronization

/// A TCP socket that never blocks for long: whoever waits asks in between whether to go on.
final class RTSPSocket {
    /// How often a wait asks whether to go on, in milliseconds.
    private static let step: Int32 = 200

    let descriptor: Int32

    /// Takes a descriptor over.
    init(descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Connects to the first of a host's addresses that accepts.
    static func connected(to endpoint: RTSPAddress.Endpoint, while goesOn: () -> Bool) -> RTSPSocket? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(endpoint.host, "\(endpoint.port)", &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var next = list
        while let address = next?.pointee {
            next = address.ai_next
            let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
            guard descriptor >= 0 else { continue }
            let connection = RTSPSocket(descriptor: descriptor)
            if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return connection }
            guard errno == EINPROGRESS, connection.wait(for: POLLOUT, while: goesOn) else { continue }
            var (error, length) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error == 0 { return connection }
        }
        return nil
    }

    /// Returns a socket that listens on a port of its own on 127.0.0.1, and the port.
    static func listening() -> (RTSPSocket, port: Int)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let listener = RTSPSocket(descriptor: descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, raw, &length) == 0
            }
        }
        return listens ? (listener, Int(UInt16(bigEndian: address.sin_port))) : nil
    }

    func accepted(while goesOn: () -> Bool) -> RTSPSocket? {
        guard wait(for: POLLIN, while: goesOn) else { return nil }
        let accepted = accept(descriptor, nil, nil)
        return accepted < 0 ? nil : RTSPSocket(descriptor: accepted)
    }

    private func wait(for events: Int32, while goesOn: () -> Bool) -> Bool {
        while goesOn() {
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            if poll(&entry, 1, Self.step) > 0 { return true }
        }
        return false
    }

    /// Sends all bytes.
    func send(_ bytes: [UInt8], while goesOn: () -> Bool) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN || errno == EINTR {
                guard wait(for: POLLOUT, while: goesOn) else { return false }
            } else {
                return false
            }
        }
        return true
    }

    /// Returns what has arrived: nothing yet, or `nil` when the peer has closed.
    func receive(into buffer: inout [UInt8]) -> ArraySlice<UInt8>? {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return buffer[..<count] }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
    }

    /// Waits until one of two sockets has something; returns which.
    static func waiting(_ one: RTSPSocket, _ other: RTSPSocket) -> (one: Bool, other: Bool) {
        var entries = [
            pollfd(fd: one.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, step) > 0 else { return (false, false) }
        return (entries[0].revents != 0, entries[1].revents != 0)
    }
}
