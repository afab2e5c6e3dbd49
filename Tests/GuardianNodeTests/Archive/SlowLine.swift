import Foundation
import GuardianCore
import Synchronization

/// A TCP proxy to a port of this machine that forwards at most `bytesPerSecond` towards it and buffers little.
final class SlowLine: Sendable {
    let port: Int
    private let listener: Int32
    private let ends = Mutex<[Int32]>([])
    private let rate: Int

    /// - Parameter bytesPerSecond: towards `target`; the other direction is not limited.
    init(to target: Int, bytesPerSecond: Int) throws {
        rate = bytesPerSecond
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self] in accept(to: target) }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        ends.withLock { for end in $0 { shutdown(end, Int32(SHUT_RDWR)) } }
    }

    private static func listen() throws -> (listener: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Connections inherit it: it is as small as a router's queue, unlike the default of megabytes.
        var bufferSize: Int32 = 16 << 10
        setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &bufferSize, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isOpen else { throw GuardianError(.unavailable, "The test's line cannot listen.") }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private func accept(to target: Int) {
        while true {
            let near = Glibc.accept(listener, nil, nil)
            guard near >= 0 else { return }
            let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.loopback(target)
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else {
                close(near)
                close(far)
                continue
            }
            ends.withLock { $0 += [near, far] }
            Thread.detachNewThread { [self] in carry(near, far, isSlow: true) }
            Thread.detachNewThread { [self] in carry(far, near, isSlow: false) }
        }
    }

    private func carry(_ source: Int32, _ sink: Int32, isSlow: Bool) {
        var piece = [UInt8](repeating: 0, count: 4 << 10)
        while true {
            let count = recv(source, &piece, piece.count, 0)
            guard count > 0 else { break }
            if isSlow { usleep(UInt32(count * 1_000_000 / rate)) }
            var sent = 0
            while sent < count {
                let more = piece[sent..<count].withUnsafeBytes {
                    send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard more > 0 else { break }
                sent += more
            }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }
}
