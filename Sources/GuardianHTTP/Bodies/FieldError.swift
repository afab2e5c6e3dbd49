import GuardianCore

/// What is wrong with one member of a request's body, for a form to show next to its field.
public struct FieldError: Codable, Hashable, Sendable {
    /// The member's name; members of members are joined by dots.
    public var field: String
    /// What is wrong and what is allowed, for people.
    public var detail: String

    public init(field: String, detail: String) {
        self.field = field
        self.detail = detail
    }
}

extension FieldError {
    /// `nil` when the error is not about a member of the body.
    init?(_ error: GuardianError) {
        guard let field = error.context["field"] else { return nil }
        self.init(field: field, detail: error.message)
    }

    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self.init(path: context.codingPath + [key], detail: "This is missing.")
        case .valueNotFound(_, let context):
            self.init(path: context.codingPath, detail: "This is missing.")
        case .typeMismatch(let type, let context):
            self.init(path: context.codingPath, detail: "This must be \(Self.name(of: type)).")
        case .dataCorrupted(let context):
            self.init(path: context.codingPath, detail: "This is not an allowed value.")
        @unknown default:
            self.init(field: "", detail: "This is not an allowed value.")
        }
    }

    private init(path: [any CodingKey], detail: String) {
        self.init(
            field: path.map { key in key.intValue.map(String.init) ?? String(key.stringValue.prefix(40)) }
                .joined(separator: "."), detail: detail)
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is any Sequence.Type: "a list"
        default: "of another type"
        }
    }
}
