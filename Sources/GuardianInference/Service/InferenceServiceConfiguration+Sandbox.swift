import Foundation
import GuardianCore
import GuardianOperations

extension InferenceServiceConfiguration {
    /// Returns what the AI service may use: the model, the runtime, its configuration, its own folder, and nothing that is
    /// the edge's: it decodes what cameras send, and a hostile one may take it over.
    ///
    /// - Parameter file: the configuration file.
    /// - Throws: `permissionDenied` when its folders cannot be made.
    public func sandbox(configuration file: String) throws -> Sandbox {
        var sandbox = Sandbox()
        sandbox.allow(file, .read)
        sandbox.allow(places.model.path, .read)
        sandbox.allow(places.libraries.path, [.read, .execute])
        switch listen {
        case .socket(let path):
            let folder = Self.folder(of: path)
            try PrivateFolder.create(folder)
            sandbox.allow(folder, [.read, .make])
        case .tcp(_, let port, let files):
            sandbox.port = port
            for path in [files.certificate, files.key, files.authority] { sandbox.allow(path, .read) }
        }
        if let pidFile { sandbox.allow(Self.folder(of: pidFile), [.read, .make]) }
        return sandbox
    }

    private static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
}
