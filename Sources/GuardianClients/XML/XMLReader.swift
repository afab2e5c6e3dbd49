internal import CLibXML

/// An element of a small XML document, such as a store's or a camera's response.
package struct XMLElement: Sendable {
    /// Without a namespace's prefix.
    package var name: String
    /// By name without a namespace's prefix; declarations of namespaces are left out. Of two with the same name, the first.
    package var attributes: [String: String] = [:]
    package var text = ""
    package var children: [XMLElement] = []

    /// The first child of this name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The children of this name.
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text without white space around it.
    package var trimmed: String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}

/// Reads elements, their attributes and text with libxml2; ignores comments. Rejects document types, entities,
/// processing instructions within elements, and documents that are not well-formed or are incomplete.
package struct XMLReader: ~Copyable {
    package struct Fault: Error { package var reason: String }

    /// The levels that a document has at most, unless the caller says otherwise. S3's responses have 5.
    package static let depth = 16
    /// libxml2 wants to be initialised before several threads use it.
    private static let isInitialised: Bool = {
        xmlInitParser()
        return true
    }()

    private let reader: xmlTextReaderPtr

    /// The bytes must stay where they are for as long as the reader lives.
    private init(_ bytes: UnsafeBufferPointer<CChar>) throws(Fault) {
        // Of the encoding that the document declares, nothing is believed. Nothing is loaded from elsewhere, no entity is
        // replaced, nothing is written to standard error, and libxml2's own limits stay in force (no XML_PARSE_HUGE).
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_IGNORE_ENC.rawValue
        guard Self.isInitialised, let length = Int32(exactly: bytes.count),
            let reader = xmlReaderForMemory(bytes.baseAddress, length, nil, "UTF-8", Int32(options))
        else { throw Fault(reason: "no room for a reader") }
        self.reader = reader
    }

    deinit { xmlFreeTextReader(reader) }

    /// Returns the document's root.
    ///
    /// - Parameter depth: the levels that the document has at most.
    package static func read(_ bytes: [UInt8], depth: Int = depth) throws(Fault) -> XMLElement {
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard !text.isEmpty else { throw Fault(reason: "no element") }
        guard String(validating: text, as: UTF8.self) != nil else { throw Fault(reason: "not UTF-8") }
        return try text.withUnsafeBufferPointer { (text) throws(Fault) in
            try text.withMemoryRebound(to: CChar.self) { (text) throws(Fault) in try XMLReader(text).document(depth) }
        }
    }

    /// Keeps the open elements here, not on the call stack.
    private func document(_ depth: Int) throws(Fault) -> XMLElement {
        var open: [XMLElement] = []
        var root: XMLElement?
        func close() {
            guard let last = open.popLast() else { return }
            if open.isEmpty { root = last } else { open[open.count - 1].children.append(last) }
        }
        while try advance() {
            switch xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
            case XML_READER_TYPE_ELEMENT:
                guard open.count < depth else { throw Fault(reason: "too deep") }
                // Asked before the attributes are read: the reader stands on one of them then.
                let isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
                open.append(XMLElement(name: name, attributes: attributes()))
                if isEmpty { close() }
            case XML_READER_TYPE_END_ELEMENT:
                close()
            case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_WHITESPACE,
                XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
                if !open.isEmpty { open[open.count - 1].text += value }
            case XML_READER_TYPE_PROCESSING_INSTRUCTION where open.isEmpty, XML_READER_TYPE_COMMENT: break
            default: throw Fault(reason: "a document type, an entity or a processing instruction")
            }
        }
        guard let root else { throw Fault(reason: "no element") }
        return root
    }

    /// Goes to the next node; returns false at the end of a well-formed document.
    private func advance() throws(Fault) -> Bool {
        switch xmlTextReaderRead(reader) {
        case 1: return true
        case 0: return false
        default: throw Fault(reason: "not well-formed or incomplete")
        }
    }

    /// The attributes of the element on which the reader stands. libxml2 refuses two that are the same.
    private func attributes() -> [String: String] {
        var attributes: [String: String] = [:]
        while xmlTextReaderMoveToNextAttribute(reader) == 1 {
            guard xmlTextReaderIsNamespaceDecl(reader) == 0, attributes[name] == nil else { continue }
            attributes[name] = value
        }
        _ = xmlTextReaderMoveToElement(reader)
        return attributes
    }

    /// A prefix that stands for no namespace remains in libxml2's local name.
    private var name: String {
        let name = Self.string(xmlTextReaderConstLocalName(reader))
        return String(name.suffix(from: name.lastIndex(of: ":").map(name.index(after:)) ?? name.startIndex))
    }

    private var value: String { Self.string(xmlTextReaderConstValue(reader)) }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String { text.map(String.init(cString:)) ?? "" }
}
