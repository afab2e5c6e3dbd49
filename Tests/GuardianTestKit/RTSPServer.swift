import Foundation

/// A real RTSP server on a port of its own (rtsp-server.py beside this file), stopped when this object is released.
public final class RTSPServer {
    public let port: Int
    private let process = Process()
    private let input = Pipe()

    /// - Parameter mounts: path in the URL → file.
    public init(_ mounts: [String: String], user: String? = nil, password: String? = nil, port: Int = 0) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "rtsp-server.py")
        process.executableURL = URL(filePath: "/usr/bin/python3")
        var arguments = [script.path, "--port", "\(port)"]
        if let user, let password { arguments += ["--user", user, "--password", password] }
        process.arguments = arguments + mounts.map { "\($0.key)=\($0.value)" }
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        guard let port = Int(Self.line(output.fileHandleForReading.fileDescriptor)) else {
            throw Tool.Failure(text: "The RTSP server did not start.")
        }
        self.port = port
    }

    /// Reads a whole line: what is there at first may be a part of the number.
    private static func line(_ descriptor: Int32) -> String {
        var (line, byte) = ([UInt8](), UInt8(0))
        while true {
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1, byte != 0x0A else { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }

    /// Ends the server without closing connections, like a power cut.
    public func kill() {
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { kill() }

    public func url(_ mount: String, user: String? = nil) -> String {
        "rtsp://\(user.map { $0 + "@" } ?? "")127.0.0.1:\(port)/\(mount)"
    }
}
