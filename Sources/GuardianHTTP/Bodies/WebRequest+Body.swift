import Foundation
import GuardianCore
import HTTPTypes
import Hummingbird

extension WebRequest {
    /// How deep lists and objects may be nested.
    static let bodyDepth = 8
    /// How long a body may take to arrive.
    static let bodyPatience = Duration.seconds(10)

    /// Reads and decodes the body. All bodies of the API are read here.
    ///
    /// - Throws: `HTTPRefusal` 415 unless it is declared as JSON, 413 beyond `bodyLimit`, 408 when it does not arrive in time, 400
    ///   when it is no JSON object of these members; each wrong member is named.
    public func body<Body: JSONBody>(as type: Body.Type = Body.self) async throws -> Body {
        guard isJSON else {
            throw HTTPRefusal(
                status: .unsupportedMediaType, code: .invalidArgument,
                detail: "The body must be JSON: send Content-Type: application/json.")
        }
        return try Self.decode(try await bytes())
    }

    private var isJSON: Bool {
        let type = headers[.contentType]?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces)
        return type?.lowercased() == "application/json"
    }

    private func bytes() async throws -> Data {
        let (body, limit) = (request.body, bodyLimit)
        return try await withThrowingTaskGroup(of: Data.self) { group in
            group.addTask { Data(buffer: try await body.collect(upTo: limit)) }
            group.addTask {
                try await Task.sleep(for: Self.bodyPatience)
                throw HTTPRefusal(
                    status: .requestTimeout, code: .deadlineExceeded, detail: "The body did not arrive in time.")
            }
            defer { group.cancelAll() }
            guard let data = try await group.next() else { throw CancellationError() }
            return data
        }
    }

    static func decode<Body: JSONBody>(_ data: Data) throws -> Body {
        guard depth(of: data) <= bodyDepth,
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else {
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument,
                detail: "The body must be a JSON object with at most \(bodyDepth) levels.")
        }
        let unknown = object.keys.filter { !Body.members.contains($0) }.sorted()
        guard unknown.isEmpty else {
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument,
                detail: "The body has members that are not known here. Possible: "
                    + "\(Body.members.joined(separator: ", ")).",
                fields: unknown.prefix(16).map {
                    FieldError(field: String($0.prefix(40)), detail: "There is no member of this name.")
                })
        }
        // An optional member that is `null` would count as left out, which may not be what was meant.
        let empty = object.filter { $0.value is NSNull && !Body.nullable.contains($0.key) }.keys.sorted()
        guard empty.isEmpty else {
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument,
                detail: "The body has members that are null: leave them out instead.",
                fields: empty.prefix(16).map { FieldError(field: $0, detail: "This must not be null; leave it out.") })
        }
        do { return try JSONDecoder().decode(Body.self, from: data) } catch let error as DecodingError {
            let field = FieldError(error)
            // Foundation does not say where a number with a fraction was that must be whole.
            guard !field.field.isEmpty else {
                throw HTTPRefusal(
                    status: .badRequest, code: .invalidArgument,
                    detail: "A member of the body has a value that is not allowed.")
            }
            throw HTTPRefusal(
                status: .badRequest, code: .invalidArgument, detail: "\(field.field): \(field.detail)",
                fields: [field])
        }
    }

    /// The most lists and objects that are open at once. Brackets within texts do not count.
    private static func depth(of data: Data) -> Int {
        var (depth, deepest, isText, isEscaped) = (0, 0, false, false)
        for byte in data {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return deepest
    }
}
