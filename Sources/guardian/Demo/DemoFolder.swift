import Foundation
import GuardianCore
import GuardianOperations

/// The folder with all of the demo's files: `edge/`, `node/`, `logs/`, certificates and process ids.
struct DemoFolder: Sendable {
    let path: String
    private let isKept: Bool

    init(keeping path: String?) throws {
        isKept = path != nil
        let base = path ?? NSTemporaryDirectory() + "guardian-demo-\(getpid())"
        self.path = URL(fileURLWithPath: base).standardizedFileURL.path
        // In /tmp somebody else may have made it before, to read keys or to replace files.
        try PrivateFolder.create(self.path)
        do {
            for folder in ["edge", "node", "logs", "certificates"] {
                try FileManager.default.createDirectory(
                    atPath: "\(self.path)/\(folder)", withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw GuardianError(
                .permissionDenied, "The demo cannot write to \(self.path): choose another folder with --state.",
                cause: error)
        }
    }

    func removeUnlessKept() {
        guard !isKept else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The folder of the authority of both web servers' certificates.
    var webAuthority: String { file("web-authority") }

    func log(_ process: String) -> String { file("logs/\(process).log") }

    /// Writes a file atomically, readable only by its owner.
    func write(_ text: String, to name: String) throws {
        let target = file(name)
        do throws(SystemFailure) {
            try Durability.replace(target, with: text.utf8)
        } catch { throw GuardianError(.internal, "\(target) cannot be written: \(error).") }
    }
}
