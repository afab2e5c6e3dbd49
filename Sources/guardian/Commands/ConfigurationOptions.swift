import ArgumentParser
import GuardianConfiguration

/// What the long-lived commands take: their file, and single keys that go before it.
struct ConfigurationOptions: ParsableArguments {
    @Option(help: "The YAML file that says how to run.")
    var config: String

    @Option(name: .customLong("set"), help: "One key instead of the file's: --set web.port=8481. Never a secret.")
    var settings: [Setting] = []

    func open() throws -> ConfigurationFile {
        let settings = Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
        return try ConfigurationFile(path: config, settings: settings)
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
