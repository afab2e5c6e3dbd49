import Foundation
import GuardianCore

/// The paths of the runtime and the model on this machine.
public struct OpenVINOPlaces: Sendable, Hashable {
    /// The folder with `libopenvino_c.so.N` and its plugins.
    public var libraries: URL
    /// The folder with `model.xml`, `model.bin` and `model.json`.
    public var model: URL

    public init(libraries: URL, model: URL) {
        self.libraries = libraries
        self.model = model
    }

    /// Returns `GUARDIAN_OPENVINO` and `GUARDIAN_MODEL` where they are set; otherwise what scripts/bootstrap put into
    /// `.tools` of the checkout that contains `start` (the working folder, the
    /// executable); otherwise the package's folders.
    public static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        start: [URL] = [
            URL(filePath: FileManager.default.currentDirectoryPath), URL(filePath: CommandLine.arguments.first ?? "."),
        ]
    ) -> OpenVINOPlaces {
        let tools = start.compactMap { Self.tools(above: $0) }.first
        let installed = URL(filePath: "/usr/lib/guardian")
        return OpenVINOPlaces(
            libraries: environment["GUARDIAN_OPENVINO"].map { URL(filePath: $0) }
                ?? tools?.appending(path: "openvino/libs") ?? installed.appending(path: "openvino"),
            model: environment["GUARDIAN_MODEL"].map { URL(filePath: $0) }
                ?? tools?.appending(path: "model") ?? installed.appending(path: "model"))
    }

    private static func tools(above start: URL) -> URL? {
        var folder = start.standardizedFileURL.resolvingSymlinksInPath()
        for _ in 0..<12 where folder.path != "/" {
            let tools = folder.appending(path: ".tools")
            if FileManager.default.fileExists(atPath: tools.appending(path: "model/model.json").path) { return tools }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    /// Returns the path of the C API's library.
    func library() throws -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: libraries.path)) ?? []
        guard let name = names.filter({ $0.hasPrefix("libopenvino_c.so") }).min() else {
            throw GuardianError(
                .notFound,
                "There is no OpenVINO runtime in \(libraries.path): run scripts/bootstrap, or set GUARDIAN_OPENVINO."
            )
        }
        return libraries.appending(path: name).path
    }
}
