import Configuration
import Foundation
import GuardianCore
import Yams

/// A process's YAML file. Scalar keys are overridden by `--set key.path=value`, which goes first, and by
/// `GUARDIAN_KEY_PATH` in the environment.
public struct ConfigurationFile {
    /// The top-level section of the file.
    public let root: ConfigurationSection

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: `GuardianError` `.notFound`, `.permissionDenied` or `.invalidArgument`, each naming the file and what
    ///   to write instead.
    public init(
        path: String, settings: [String: String] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw GuardianError(.notFound, "There is no configuration at \(path): name an existing file with --config.")
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw GuardianError(.permissionDenied, "The configuration \(path) cannot be read: check its permissions.")
        }
        guard bytes.count <= 1 << 20, let text = String(data: bytes, encoding: .utf8) else {
            throw GuardianError(.invalidArgument, "\(path) must be UTF-8 text of at most 1 MiB.")
        }
        try self.init(
            text: text, name: path, othersMayRead: Self.othersMayRead(path), settings: settings,
            environment: environment)
    }

    /// Parses a text; `name` is used in error messages.
    ///
    /// - Throws: `GuardianError` `.invalidArgument` when it is not YAML or not a map of keys.
    public init(
        text: String, name: String, othersMayRead: Bool = false, settings: [String: String] = [:],
        environment: [String: String] = [:]
    ) throws {
        let node: Node
        do {
            node = try Yams.compose(yaml: text) ?? .mapping([:])
        } catch {
            // Not as the cause: the library's errors hold lines of the file or all of it, which may hold passwords.
            throw GuardianError(.invalidArgument, "\(name) is not valid YAML: \(Self.place(of: error)).")
        }
        let known = Dictionary(
            settings.map { (AbsoluteConfigKey($0.key.split(separator: ".").map(String.init)), $0.value) },
            uniquingKeysWith: { _, last in last })
        let overrides = ConfigReader(providers: [
            InMemoryProvider(values: known.mapValues { ConfigValue(.string($0), isSecret: true) }),
            KeyMappingProvider(
                upstream: EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: .all)
            ) { AbsoluteConfigKey(["guardian"] + $0.components, context: $0.context) },
        ])
        root = try ConfigurationSection(
            node: node, path: [],
            source: .init(
                name: name, othersMayRead: othersMayRead, overrides: overrides, commandLine: Set(settings.keys)))
    }

    private static func othersMayRead(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        return mode & 0o007 != 0
    }

    /// Returns the line and the parser's message, which is one of a fixed set and holds no text of the file.
    private static func place(of error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .reader(let problem, let offset?, _, let yaml):
            "line \(yaml.prefix(offset).count { $0.isNewline } + 1): \(problem)"
        case .duplicatedKeysInMapping(_, let context): "line \(context.mark.line): a key is there twice"
        default: "the text cannot be read"
        }
    }
}
