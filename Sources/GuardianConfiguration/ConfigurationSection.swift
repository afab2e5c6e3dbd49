import Configuration
import GuardianCore
import Yams

/// A map of keys in a configuration. Read every known key once; then `finish()` rejects the keys that were not read.
public final class ConfigurationSection {
    struct Source {
        var name: String
        var othersMayRead: Bool
        var overrides: ConfigReader
        /// The keys that were given on the command line.
        var commandLine: Set<String>
    }

    private let entries: [String: Entry]
    private let mark: Mark?
    private let path: [String]
    private let source: Source
    private var known: Set<String> = []
    /// Those of the known keys that have a single value.
    private var scalars: Set<String> = []
    private var children: [ConfigurationSection] = []
    /// Keys of the maps that were left out.
    private var leftOut: Set<String> = []

    init(node: Node, path: [String], source: Source) throws {
        guard case .mapping(let mapping) = node.scalar?.string.isEmpty == true ? .mapping([:]) : node else {
            throw GuardianError(
                .invalidArgument,
                "\(source.name):\(node.mark?.line ?? 1): “\(path.joined(separator: "."))” must be a map of keys.")
        }
        do { entries = try Entry.entries(of: mapping) } catch let problem {
            throw GuardianError(.invalidArgument, "\(source.name):\(problem.line): \(problem.text).")
        }
        self.mark = node.mark
        self.path = path
        self.source = source
    }

    /// Reads a text; environment and flags override the file.
    public func string(_ key: String) throws -> String? {
        try read(key) { $0 }
    }

    /// Reads a secret. Throws `permissionDenied` when others may read it: in the file, or on the command line, which is in
    /// the list of processes.
    public func secret(_ key: String) throws -> Secret<String>? {
        guard let text = try string(key) else { return nil }
        guard !source.commandLine.contains((path + [key]).joined(separator: ".")) else {
            throw refusal(
                key, "holds a secret, and every user of this machine may read the command line: write it into the file",
                code: .permissionDenied)
        }
        if override(key) == nil, source.othersMayRead {
            throw refusal(
                key, "holds a secret, but every user of this machine may read the file: run chmod 600 on it",
                code: .permissionDenied)
        }
        return Secret(text)
    }

    /// Reads a whole number within a range.
    public func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        try read(key) { text in
            guard let value = Int(text), range.contains(value) else {
                throw self.refusal(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
    }

    /// Reads a number within a range.
    public func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
        try read(key) { text in
            guard let value = Double(text), range.contains(value) else {
                throw self.refusal(key, "must be a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
    }

    /// Reads `true` or `false`.
    public func boolean(_ key: String) throws -> Bool? {
        try read(key) { text in
            switch text {
            case "true": true
            case "false": false
            default: throw self.refusal(key, "must be true or false")
            }
        }
    }

    /// Reads one of the raw values of `Choice`.
    public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String) throws -> Choice?
    where Choice.RawValue == String {
        try read(key) { text in
            guard let value = Choice(rawValue: text) else {
                let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
                throw self.refusal(key, "must be one of: \(words)")
            }
            return value
        }
    }

    /// Reads a text and converts it with `make`; `what` describes the allowed values in the error message.
    public func value<Value>(_ key: String, _ what: String, _ make: (String) -> Value?) throws -> Value? {
        try read(key) { text in
            guard let value = make(text) else { throw self.refusal(key, "must be \(what)") }
            return value
        }
    }

    /// Returns a map within this one; empty when the key is missing, so that defaults and overrides apply.
    public func section(_ key: String) throws -> ConfigurationSection {
        known.insert(key)
        let node = entries[key]?.value ?? .mapping([:])
        let child = try ConfigurationSection(node: node, path: path + [key], source: source)
        children.append(child)
        return child
    }

    /// Reads a map within this one, and all of it: a mistake in it is thrown here, and `finish` passes over the map then, as well as
    /// over what the command line sets in it.
    ///
    /// - Throws: what `read` throws, or a `GuardianError` about a key that it did not read.
    public func whole<Value>(_ key: String, _ read: (ConfigurationSection) throws -> Value) throws -> Value {
        do {
            let child = try section(key)
            let value = try read(child)
            try child.finish()
            return value
        } catch {
            children.removeAll { $0.path == path + [key] }
            leftOut.insert((path + [key]).joined(separator: "."))
            throw error
        }
    }

    /// Returns whether the file itself has the key.
    public func has(_ key: String) -> Bool { entries[key] != nil }

    /// Returns a list of maps; empty when the key is missing.
    public func list(_ key: String) throws -> [ConfigurationSection] {
        known.insert(key)
        guard let node = entries[key]?.value else { return [] }
        guard case .sequence(let sequence) = node else {
            throw refusal(key, "must be a list with a dash before each item")
        }
        let items = try sequence.enumerated().map {
            try ConfigurationSection(node: $0.element, path: path + [key, String($0.offset)], source: source)
        }
        children += items
        return items
    }

    /// Rejects keys that were not read, here and in every map within; for the whole file, those of the command line too.
    ///
    /// - Throws: `GuardianError` `.invalidArgument` that names file, line and the known keys.
    public func finish() throws {
        if let (key, entry) = entries.filter({ !known.contains($0.key) }).min(by: { $0.value.line < $1.value.line }) {
            throw unknown(key, entry, meant: Misspelling.of(key, among: known))
        }
        for child in children { try child.finish() }
        if path.isEmpty { try refuseUnknownSettings() }
    }

    /// The dotted keys that were read, here and in every map within.
    private var settable: Set<String> {
        children.reduce(into: Set(scalars.map { (path + [$0]).joined(separator: ".") })) { $0.formUnion($1.settable) }
    }

    private func refuseUnknownSettings() throws {
        let settable = settable
        let unknown = source.commandLine.subtracting(settable).filter { key in
            !leftOut.contains { key.hasPrefix("\($0).") }
        }
        guard let key = unknown.min() else { return }
        let isWord =
            key.utf8.count <= 64 && key.utf8.allSatisfy { Self.letters.contains($0) || $0 == UInt8(ascii: ".") }
        let name = isWord ? "“\(key)”" : "a key"
        let advice =
            Misspelling.of(key, among: settable).map { ": did you mean “\($0)”?" }
            ?? ". Only keys with a single value can be set, and an optional section must be in the file."
        throw GuardianError(.invalidArgument, "--set: \(name) is unknown\(advice)")
    }

    /// Returns an error about a key, with file and line. When the file does not have the key, but one that is spelt nearly
    /// like it, the error is about that one.
    public func refusal(
        _ key: String, _ what: String, code: GuardianError.Code = .invalidArgument
    ) -> GuardianError {
        let unread = entries.keys.filter { !known.contains($0) }
        if entries[key] == nil, let misspelt = Misspelling.of(key, among: unread), let entry = entries[misspelt] {
            return unknown(misspelt, entry, meant: key)
        }
        let line = entries[key]?.line ?? mark?.line ?? 1
        let what = Echo.bounded(what, to: 600)
        let end = what.hasSuffix(".") ? "" : "."
        return GuardianError(code, "\(source.name):\(line): “\((path + [key]).joined(separator: "."))” \(what)\(end)")
    }

    /// A key that is no word may be a misplaced value, such as a password, and is not repeated.
    private func unknown(_ key: String, _ entry: Entry, meant: String?) -> GuardianError {
        let isWord = key.utf8.count <= 64 && key.utf8.allSatisfy { Self.letters.contains($0) }
        let name = isWord ? "“\((path + [key]).joined(separator: "."))”" : "a key"
        let list = known.isEmpty ? "nothing" : known.sorted().joined(separator: ", ")
        let advice = meant.map { ": did you mean “\($0)”?" } ?? ". Known: \(list)."
        return GuardianError(.invalidArgument, "\(source.name):\(entry.line): \(name) is unknown here\(advice)")
    }

    private static let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)

    private func read<Value>(_ key: String, _ convert: (String) throws -> Value) throws -> Value? {
        known.insert(key)
        scalars.insert(key)
        if let text = override(key) { return try convert(text) }
        guard let node = entries[key]?.value else { return nil }
        guard let scalar = node.scalar else { throw refusal(key, "must be a single value") }
        return try convert(scalar.string)
    }

    private func override(_ key: String) -> String? {
        source.overrides.string(forKey: ConfigKey(path + [key]), isSecret: true)
    }
}
