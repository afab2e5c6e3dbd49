import GuardianCore

/// A request's query, decoded once: names that the route does not know and names given twice are refused, so that a
/// slip of the pen (`form=` for `from=`) never gives a wrong answer that looks right.
public struct QueryParameters: Sendable {
    private let values: [String: String]

    /// - Parameters:
    ///   - text: the query without its question mark, at most 4,096 bytes.
    ///   - names: what the route takes.
    /// - Throws: `invalid_argument` that says which names there are.
    public init(_ text: String?, allowing names: [String]) throws {
        guard let text, !text.isEmpty else {
            values = [:]
            return
        }
        guard text.utf8.count <= 4096 else {
            throw GuardianError(.invalidArgument, "The query is longer than 4096 bytes: ask for less at once.")
        }
        var values: [String: String] = [:]
        for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(parts[0]), let value = Self.decode(parts.count > 1 ? parts[1] : "") else {
                throw GuardianError(.invalidArgument, "The query is not well formed: check its percent-encoding.")
            }
            guard names.contains(name) else { throw Self.unknown(name, names) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw GuardianError(.invalidArgument, "The parameter \(name) is there twice: give it once.")
            }
        }
        self.values = values
    }

    /// Parameters that came otherwise than in an address, held to the same rules.
    ///
    /// - Throws: `invalid_argument` that says which names there are.
    public init(_ values: [String: String], allowing names: [String]) throws {
        for (name, value) in values {
            guard names.contains(name) else { throw Self.unknown(name, names) }
            guard value.utf8.count <= 4096 else {
                throw GuardianError(.invalidArgument, "The parameter \(name) is longer than 4096 bytes.")
            }
        }
        self.values = values
    }

    /// The value as it came, decoded; `nil` when it is not there. An empty one counts as there.
    public subscript(_ name: String) -> String? { values[name] }

    private static func decode(_ text: Substring) -> String? {
        let plain = text.replacing("+", with: " ")
        guard let decoded = plain.removingPercentEncoding,
            decoded.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else { return nil }
        return decoded
    }

    private static func unknown(_ name: String, _ names: [String]) -> GuardianError {
        let shown = name.prefix(40)
        guard !names.isEmpty else {
            return GuardianError(.invalidArgument, "This address takes no parameters: leave out \(shown).")
        }
        return GuardianError(
            .invalidArgument,
            "There is no parameter \(shown) here. There are: \(names.joined(separator: ", ")).")
    }
}
