import Foundation
import GuardianCore

/// The demo's five ports on loopback. A port given as 0 is chosen here, so that it can be passed to every process.
struct DemoPorts: Sendable {
    let web: Int
    let node: Int
    let nodeWeb: Int
    let enrolment: Int
    let cameras: Int

    init(web: Int, node: Int, nodeWeb: Int, enrolment: Int, cameras: Int) throws {
        self.web = try Self.choose(web, option: "--web-port")
        self.node = try Self.choose(node, option: "--node-port")
        self.nodeWeb = try Self.choose(nodeWeb, option: "--node-web-port")
        self.enrolment = try Self.choose(enrolment, option: "--node-enrolment-port")
        self.cameras = try Self.choose(cameras, option: "--camera-port")
    }

    /// Checks that the port is free, or chooses one for 0.
    ///
    /// - Throws: `GuardianError` `.alreadyExists` when the port is in use.
    private static func choose(_ port: Int, option: String) throws -> Int {
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
                .alreadyExists, "Port \(port) is in use: stop the program that uses it, or set another \(option).")
        }
        var length = size
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
        }
        guard named == 0 else { throw GuardianError(.internal, "The system assigned no port: errno \(errno).") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
