import Foundation

/// A port for a server that a test starts again on the same port.
public enum UnusedPort {
    /// Returns a loopback port on which nobody listens. It lies below the ephemeral ports: while the server is away, one
    /// of those may become the own port of any connection, even of one to the server.
    public static func find() throws -> Int {
        for _ in 0..<1_000 {
            let port = Int.random(in: 4_000..<8_000)
            if try isFree(UInt16(port)) { return port }
        }
        throw Tool.Failure(text: "no port is free")
    }

    private static func isFree(_ port: UInt16) throws -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Tool.Failure(text: "no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
