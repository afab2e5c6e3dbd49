import ArgumentParser
import GuardianConfiguration

/// The options of long-lived commands: the configuration file, and single keys that override it.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "The YAML configuration file.")
    var config: String

    @OptionGroup var changes: ConfigurationChanges

    func open() throws -> ConfigurationFile { try changes.open(config) }
}

/// The options that override keys of a configuration file.
struct ConfigurationChanges: ParsableArguments {
    @Option(
        name: .customLong("set"), help: "Override one key of the file: --set web.port=8481. Never use it for a secret.")
    var settings: [Setting] = []

    func open(_ path: String) throws -> ConfigurationFile {
        let settings = Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        return try ConfigurationFile(path: path, settings: settings)
    }

    struct Setting: ExpressibleByArgument {
        var key: String
        var value: String

        init?(argument: String) {
            guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
            key = String(argument[..<equals])
            value = String(argument[argument.index(after: equals)...])
        }
    }
}
