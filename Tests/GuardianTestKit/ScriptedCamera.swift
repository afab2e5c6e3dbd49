import Foundation
import Synchronization

/// A camera with habits that no server library has (scripted-camera.py beside this file), on a port of its own. Stopped when
/// this object is released.
public final class ScriptedCamera: Sendable {
    public let port: Int
    private let heardLines = Mutex<[String]>([])
    private let process: Mutex<Process>

    /// - Parameter arguments: as scripted-camera.py describes them.
    public init(_ arguments: String...) throws {
        let process = Process()
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "scripted-camera.py")
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [script.path] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let lines = Lines(output.fileHandleForReading)
        guard let line = lines.next(), let port = Int(line) else {
            throw Tool.Failure(text: "The scripted camera did not start.")
        }
        self.port = port
        self.process = Mutex(process)
        Thread.detachNewThread { [weak self] in
            while let line = lines.next() { self?.heardLines.withLock { $0.append(line) } }
        }
    }

    deinit { process.withLock { $0.terminate() } }

    /// What the camera has heard: a line a request, as scripted-camera.py prints it.
    public var heard: [String] { heardLines.withLock { $0 } }

    public func url(user: String? = nil, path: String = "cam") -> String {
        "rtsp://\(user.map { $0 + "@" } ?? "")127.0.0.1:\(port)/\(path)"
    }
}

/// The lines of a pipe. Used from one thread at a time.
private final class Lines: @unchecked Sendable {
    // Made on one thread and then handed to the thread that reads on: never used by both.
    private let handle: FileHandle
    private var rest = Data()

    init(_ handle: FileHandle) { self.handle = handle }

    func next() -> String? {
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest = Data(rest[rest.index(after: end)...])
                return line
            }
            let more = handle.availableData
            guard !more.isEmpty else { return nil }
            rest += more
        }
    }
}
