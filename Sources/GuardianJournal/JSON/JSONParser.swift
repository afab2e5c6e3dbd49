import GuardianCore

/// Parses the journal's JSON strictly: no floats, no `true`, `false` or `null`, no white space, no repeated member,
/// nothing after the value. What it accepts has exactly one meaning. The work grows with the length alone, because another
/// device chooses the members.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    private static let depthLimit = 16
    /// Members of one object: some times as many as any entry has.
    static let memberLimit = 1_000

    /// - Throws: `invalidArgument` with the offset of the first invalid byte, or when the text is longer than a payload.
    static func parse(_ bytes: [UInt8]) throws -> JSONValue {
        guard bytes.count <= JournalLimits.payload else {
            throw GuardianError(
                .invalidArgument,
                "The payload has \(bytes.count) bytes; at most \(JournalLimits.payload) are allowed.")
        }
        return try bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(bytes: buffer)
            let value = try parser.value(depth: 0)
            guard parser.index == buffer.count else { throw parser.refusal("something follows the value") }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws -> JSONValue {
        guard depth < Self.depthLimit else { throw refusal("it is nested too deeply") }
        switch peek() {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x2D: return .integer(try integer())
        case .some(0x30...0x39): return .integer(try integer())
        default: throw refusal("there is no value")
        }
    }

    private mutating func object(depth: Int) throws -> JSONValue {
        index += 1
        var members: [JSONMember] = []
        var names: Set<String> = []
        if consume(0x7D) { return .object(members) }
        repeat {
            guard peek() == 0x22 else { throw refusal("a member's name is missing") }
            let name = try string()
            guard names.insert(name).inserted else { throw refusal("a member is repeated") }
            guard names.count <= Self.memberLimit else { throw refusal("an object has too many members") }
            guard consume(0x3A) else { throw refusal("a colon is missing") }
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
        } while consume(0x2C)
        guard consume(0x7D) else { throw refusal("an object does not end") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws -> JSONValue {
        index += 1
        var values: [JSONValue] = []
        if consume(0x5D) { return .array(values) }
        repeat { values.append(try value(depth: depth + 1)) } while consume(0x2C)
        guard consume(0x5D) else { throw refusal("an array does not end") }
        return .array(values)
    }

    private mutating func integer() throws -> Int64 {
        let negative = consume(0x2D)
        let start = index
        var number: Int64 = 0
        while let digit = peek(), (0x30...0x39).contains(digit) {
            // Accumulates the negative number, since `Int64.min` has no positive counterpart.
            let (tens, over) = number.multipliedReportingOverflow(by: 10)
            let (next, under) = tens.subtractingReportingOverflow(Int64(digit - 0x30))
            guard !over, !under else { throw refusal("a number is too large") }
            number = next
            index += 1
        }
        guard index > start else { throw refusal("a number has no digits") }
        guard bytes[start] != 0x30 || index == start + 1 else { throw refusal("a number begins with 0") }
        if negative {
            guard number != 0 else { throw refusal("there is no -0") }
            return number
        }
        guard number != .min else { throw refusal("a number is too large") }
        return -number
    }

    private mutating func string() throws -> String {
        index += 1
        let start = index
        while let byte = peek(), byte != 0x22, byte != 0x5C, byte >= 0x20 { index += 1 }
        if peek() == 0x22 {
            defer { index += 1 }
            return try text(UnsafeBufferPointer(rebasing: bytes[start..<index]))
        }
        var unescaped = Array(bytes[start..<index])
        while let byte = peek() {
            index += 1
            switch byte {
            case 0x22: return try unescaped.withUnsafeBufferPointer { try text($0) }
            case 0x5C: try escape(into: &unescaped)
            case 0..<0x20: throw refusal("a string contains a control character")
            default: unescaped.append(byte)
            }
        }
        throw refusal("a string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws {
        guard let byte = peek() else { throw refusal("a string does not end") }
        index += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var code = try hexadecimal()
            if (0xD800...0xDBFF).contains(code) {
                guard consume(0x5C), consume(0x75) else { throw refusal("a string contains half a surrogate pair") }
                let low = try hexadecimal()
                guard (0xDC00...0xDFFF).contains(low) else { throw refusal("a string contains half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw refusal("a string contains half a surrogate pair") }
            text.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw refusal("there is no such escape")
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw refusal("an escape lacks its four digits")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw refusal("a string is not UTF-8") }
        return text
    }

    private func refusal(_ what: String) -> GuardianError {
        GuardianError(.invalidArgument, "The payload is not the journal's JSON: at byte \(index) \(what).")
    }
}
