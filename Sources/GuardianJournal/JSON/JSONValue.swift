import GuardianCore

/// A value of the journal's JSON.
enum JSONValue: Hashable, Sendable {
    case integer(Int64)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

struct JSONMember: Hashable, Sendable {
    let name: String
    let value: JSONValue
}

/// A value and its path, so that an error names its place.
struct JSONNode {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, path: String = "payload") {
        self.value = value
        self.path = path
    }

    func optional(_ name: String) throws -> JSONNode? {
        guard case .object(let members) = value else { throw refusal("is not an object") }
        guard let member = members.first(where: { $0.name == name }) else { return nil }
        return JSONNode(member.value, path: "\(path).\(name)")
    }

    func required(_ name: String) throws -> JSONNode {
        guard let node = try optional(name) else { throw refusal("has no member \(name)") }
        return node
    }

    func elements(atMost limit: Int) throws -> [JSONNode] {
        guard case .array(let values) = value else { throw refusal("is not an array") }
        guard values.count <= limit else { throw refusal("has more than \(limit) elements") }
        return values.map { JSONNode($0, path: "\(path)[]") }
    }

    func members(atMost limit: Int) throws -> [(name: String, node: JSONNode)] {
        guard case .object(let members) = value else { throw refusal("is not an object") }
        guard members.count <= limit else { throw refusal("has more than \(limit) members") }
        return members.map { ($0.name, JSONNode($0.value, path: "\(path).\($0.name)")) }
    }

    func integer(in range: ClosedRange<Int64> = .min ... .max) throws -> Int64 {
        guard case .integer(let number) = value else { throw refusal("is not an integer") }
        guard range.contains(number) else { throw refusal("is outside \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    func string(atMost limit: Int) throws -> String {
        guard case .string(let text) = value else { throw refusal("is not a string") }
        guard text.utf8.count <= limit else { throw refusal("is longer than \(limit) bytes") }
        return text
    }

    func identifier<Kind>(_ kind: Kind.Type = Kind.self) throws -> Identifier<Kind> {
        guard let identifier = Identifier<Kind>(try string(atMost: 36)) else { throw refusal("is not a UUID") }
        return identifier
    }

    func time() throws -> Timestamp { Timestamp(milliseconds: try integer(in: Timestamp.range)) }

    func hash() throws -> Hash256 {
        guard let hash = Hash256(hex: try string(atMost: 64)) else { throw refusal("is not a SHA-256 in hexadecimal") }
        return hash
    }

    func choice<Value: RawRepresentable>(_ type: Value.Type = Value.self) throws -> Value
    where Value.RawValue == String {
        guard let value = Value(rawValue: try string(atMost: 64)) else { throw refusal("is not a known value") }
        return value
    }

    func refusal(_ what: String) -> GuardianError { GuardianError(.invalidArgument, "\(path) \(what).") }
}
