import Foundation
import GuardianCore
import GuardianOperations
import Logging
import Synchronization

/// The demo's processes: the camera server, the node and the edge, each restarted when it exits. The AI service is a
/// child of the edge, which writes its process id to a file.
struct DemoProcesses: Sendable {
    let cameras: SupervisedProcess
    let node: SupervisedProcess
    let edge: SupervisedProcess
    private let pids: ProcessTable
    private let inferencePIDFile: String

    init(folder: DemoFolder, ports: DemoPorts, scenes: DemoScenes, logger: Logger) throws {
        let pids = ProcessTable(folder: folder)
        self.pids = pids
        inferencePIDFile = folder.file("edge/run/ai/pid")
        func supervised(_ name: String, _ executable: String, _ arguments: [String]) -> SupervisedProcess {
            SupervisedProcess(
                ProcessSpecification(
                    name: name, executable: executable, arguments: arguments,
                    environment: name == "node" ? [:] : DemoArchive.noKeys, log: folder.log(name)),
                logger: logger
            ) { pids.set(name, $0.pid) }
        }
        let program = try Self.ownProgram()
        let mounts = scenes.scenes.flatMap { ["--mount", "\($0.alias)=\($0.file)"] }
        cameras = supervised(
            "cameras", "/usr/bin/python3",
            ["scripts/test-camera", "--port", "\(ports.cameras)", "--die-with-parent"] + mounts)
        node = supervised("node", program, ["node", "--config", folder.file("node.yaml")])
        edge = supervised("edge", program, ["edge", "--config", folder.file("edge.yaml")])
    }

    /// Runs node and edge while `body` runs, then stops them and waits for their end.
    func whileSystemRuns<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await Self.running([{ try await node.run() }, { try await edge.run() }, followInference], while: body)
    }

    /// Runs the camera server while `body` runs, then stops it and waits for its end.
    func whileCamerasRun<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await Self.running([{ try await cameras.run() }], while: body)
    }

    private static func running<Value: Sendable>(
        _ work: [@Sendable () async throws -> Void], while body: () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for work in work { group.addTask { try await work() } }
            let value = try await body()
            group.cancelAll()
            try await group.waitForAll()
            return value
        }
    }

    /// Keeps the AI service's process id in `pids.json` up to date until cancelled.
    @Sendable private func followInference() async {
        var known: Int32?
        while !Task.isCancelled {
            let text = try? String(contentsOfFile: inferencePIDFile, encoding: .utf8)
            let pid = text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            if pid != known {
                pids.set("ai", pid)
                known = pid
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    private static func ownProgram() throws -> String {
        let link = "/proc/self/exe"
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link) else {
            throw GuardianError(.internal, "\(link) does not contain the path of this program.")
        }
        return path
    }
}

/// `pids.json`: the process ids by name, written atomically.
private final class ProcessTable: Sendable {
    private let folder: DemoFolder
    private let pids = Mutex<[String: Int32]>([:])

    init(folder: DemoFolder) { self.folder = folder }

    func set(_ name: String, _ pid: Int32?) {
        pids.withLock { pids in
            pids[name] = pid
            let fields = pids.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
            // Errors are ignored: other writes to the folder report them.
            try? folder.write("{\(fields.joined(separator: ","))}\n", to: "pids.json")
        }
    }
}
