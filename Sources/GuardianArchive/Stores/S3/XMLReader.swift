import Foundation

/// An element of a small XML document, such as a store's response.
package struct XMLElement {
    /// Without a namespace's prefix.
    package var name: String
    package var text = ""
    package var children: [XMLElement] = []

    /// The first child of this name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of this name.
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

/// Parses elements, text, character references, comments and CDATA; ignores attributes. Rejects document types, custom
/// entities, and documents that are not well-formed or are incomplete.
package struct XMLReader {
    package struct Fault: Error { package var reason: String }

    private var rest: ArraySlice<UInt8>
    /// Maximum depth. S3's responses are at most 5 levels deep.
    private static let depth = 16

    private init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Returns the document's root.
    package static func read(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
        guard bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return try document(bytes) }
        return try document(Array(bytes.dropFirst(3)))
    }

    private static func document(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(reason: "not UTF-8") }
        var reader = XMLReader(bytes)
        try reader.skipProlog()
        guard reader.skip("<") else { throw Fault(reason: "no element") }
        let root = try reader.element()
        try reader.skipProlog()
        guard reader.rest.isEmpty else { throw Fault(reason: "content after the root") }
        return root
    }

    /// Keeps the open elements here, not on the call stack.
    private mutating func element() throws(Fault) -> XMLElement {
        var open: [(element: XMLElement, tag: [UInt8], text: [UInt8])] = []
        var (tag, isEmpty) = try startTag()
        open.append((XMLElement(name: Self.local(tag)), tag, []))
        var closed = isEmpty
        while true {
            if closed {
                var last = open.removeLast()
                last.element.text = String(decoding: last.text, as: UTF8.self)
                guard !open.isEmpty else { return last.element }
                open[open.count - 1].element.children.append(last.element)
                closed = false
                continue
            }
            let text = try characters()
            open[open.count - 1].text += text
            if skip("<!--") {
                try skip(through: "-->")
            } else if skip("<![CDATA[") {
                open[open.count - 1].text += try read(through: "]]>")
            } else if skip("</") {
                guard rest.starts(with: open[open.count - 1].tag) else {
                    throw Fault(reason: "an end tag without a start tag")
                }
                rest = rest.dropFirst(open[open.count - 1].tag.count)
                skipSpace()
                guard skip(">") else { throw Fault(reason: "an end tag without a start tag") }
                closed = true
            } else if skip("<") {
                guard open.count < Self.depth else { throw Fault(reason: "too deep") }
                (tag, isEmpty) = try startTag()
                open.append((XMLElement(name: Self.local(tag)), tag, []))
                closed = isEmpty
            } else {
                throw Fault(reason: "incomplete document")
            }
        }
    }

    /// Reads what follows `<`: the name as it is written, and whether the element is empty (`/>`).
    private mutating func startTag() throws(Fault) -> (tag: [UInt8], isEmpty: Bool) {
        let tag = Array(rest.prefix { Self.isName($0) })
        guard let first = tag.first, first != 0x2D, first != 0x2E, !(0x30...0x39).contains(first) else {
            throw Fault(reason: "not an element")
        }
        rest = rest.dropFirst(tag.count)
        while true {
            let spaces = skipSpace()
            if skip("/>") { return (tag, true) }
            if skip(">") { return (tag, false) }
            let attribute = rest.prefix { Self.isName($0) }
            guard spaces, !attribute.isEmpty else { throw Fault(reason: "not an attribute") }
            rest = rest.dropFirst(attribute.count)
            skipSpace()
            guard skip("=") else { throw Fault(reason: "an attribute without value") }
            skipSpace()
            if skip("\"") {
                try skip(through: "\"")
            } else if skip("'") {
                try skip(through: "'")
            } else {
                throw Fault(reason: "an attribute without value")
            }
        }
    }

    private mutating func characters() throws(Fault) -> [UInt8] {
        var text: [UInt8] = []
        while let byte = rest.first, byte != 0x3C {
            guard byte == 0x26 else {
                text.append(byte)
                rest = rest.dropFirst()
                continue
            }
            // The longest reference is &#1114111;
            guard let end = rest.prefix(12).firstIndex(of: 0x3B) else { throw Fault(reason: "not a reference") }
            let name = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
            guard let character = Self.character(name) else { throw Fault(reason: "not a reference") }
            text += Array(String(character).utf8)
            rest = rest[(end + 1)...]
        }
        return text
    }

    private static func character(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard reference.hasPrefix("#"), let last = reference.last, last != "#" else { return nil }
            let digits = reference.dropFirst()
            let isHexadecimal = digits.hasPrefix("x")
            let number = isHexadecimal ? digits.dropFirst() : digits
            guard number.allSatisfy(\.isHexDigit), let value = UInt32(number, radix: isHexadecimal ? 16 : 10), value > 0
            else { return nil }
            return Unicode.Scalar(value)
        }
    }

    private mutating func skipProlog() throws(Fault) {
        while true {
            skipSpace()
            if skip("<?") {
                try skip(through: "?>")
            } else if skip("<!--") {
                try skip(through: "-->")
            } else {
                return
            }
        }
    }

    private mutating func skip(_ text: StaticString) -> Bool {
        let starts = text.withUTF8Buffer { rest.starts(with: $0) }
        if starts { rest = rest.dropFirst(text.utf8CodeUnitCount) }
        return starts
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let spaces = rest.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        rest = rest.dropFirst(spaces.count)
        return !spaces.isEmpty
    }

    private mutating func skip(through end: StaticString) throws(Fault) { _ = try read(through: end) }

    private mutating func read(through end: StaticString) throws(Fault) -> ArraySlice<UInt8> {
        let whole = rest
        while !rest.isEmpty {
            let text = whole[..<rest.startIndex]
            if skip(end) { return text }
            rest = rest.dropFirst()
        }
        throw Fault(reason: "incomplete document")
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x5F, 0x2D, 0x2E, 0x3A, 0x80...: true
        default: false
        }
    }

    private static func local(_ tag: [UInt8]) -> String {
        String(decoding: tag.suffix(from: (tag.lastIndex(of: 0x3A) ?? -1) + 1), as: UTF8.self)
    }
}
