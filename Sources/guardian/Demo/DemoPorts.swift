import Foundation
import GuardianCore

/// The demo's four ports on loopback; those asked for as 0 are chosen here, so that every process can be told.
struct DemoPorts: Sendable {
    let web: Int
    let node: Int
    let nodeWeb: Int
    let cameras: Int

    init(web: Int, node: Int, nodeWeb: Int, cameras: Int) throws {
        self.web = try Self.settle(web, option: "--web-port")
        self.node = try Self.settle(node, option: "--node-port")
        self.nodeWeb = try Self.settle(nodeWeb, option: "--node-web-port")
        self.cameras = try Self.settle(cameras, option: "--camera-port")
    }

    /// - Throws: `GuardianError` `.alreadyExists` when somebody else listens there.
    private static func settle(_ port: Int, option: String) throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var reuse: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        guard bound == 0 else {
            throw GuardianError(
                .alreadyExists, "Port \(port) is in use: end what listens there, or choose one with \(option).")
        }
        var length = size
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard named == 0 else { throw GuardianError(.internal, "The system gave no port: errno \(errno).") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
