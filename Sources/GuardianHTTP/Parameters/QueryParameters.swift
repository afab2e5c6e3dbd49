import GuardianCore

/// The decoded query of a request. Unknown names and duplicate names are rejected, so that a typing error (`form=` for
/// `from=`) does not silently return the wrong result.
public struct QueryParameters: Sendable {
    private let values: [String: String]

    /// - Parameters:
    ///   - text: the query without its question mark, at most 4,096 bytes.
    ///   - names: the parameters that the route accepts.
    /// - Throws: `invalid_argument` that lists the accepted names.
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
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0]), let value = Self.decode(sides.count > 1 ? sides[1] : "") else {
                throw GuardianError(.invalidArgument, "The query is not well formed: check its percent-encoding.")
            }
            guard names.contains(name) else { throw Self.unknown(name, names) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw GuardianError(.invalidArgument, "The parameter \(name) is given twice: give it once.")
            }
        }
        self.values = values
    }

    /// Checks parameters that did not come from a URL by the same rules.
    ///
    /// - Throws: `invalid_argument` that lists the accepted names.
    public init(_ values: [String: String], allowing names: [String]) throws {
        for (name, value) in values {
            guard names.contains(name) else { throw Self.unknown(name, names) }
            guard value.utf8.count <= 4096 else {
                throw GuardianError(.invalidArgument, "The parameter \(name) is longer than 4096 bytes.")
            }
        }
        self.values = values
    }

    /// The decoded value; `nil` when the parameter is missing. An empty value is returned as an empty text.
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
            "There is no parameter \(shown) here. Possible: \(names.joined(separator: ", ")).")
    }
}
