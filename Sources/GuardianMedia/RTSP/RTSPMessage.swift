/// A request or a response of RTSP (RFC 2326, 4), as it is relayed.
package struct RTSPMessage {
    /// The request or status line.
    package var start: String
    var fields: [(name: String, value: String)]
    var body: [UInt8] = []

    /// `nil` when the head is not one of a message.
    init?(head: String) {
        var lines = head.split(whereSeparator: \.isNewline)[...]
        guard let start = lines.popFirst() else { return nil }
        self.start = String(start)
        fields = lines.compactMap { line in
            line.firstIndex(of: ":").map { colon in
                (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }))
            }
        }
    }

    var words: [Substring] { start.split(separator: " ", maxSplits: 2) }
    var method: String { words.first.map(String.init) ?? "" }
    /// A request's address.
    var uri: String { words.count == 3 ? String(words[1]) : "" }
    /// A response's status; `nil` in a request.
    var status: Int? { start.hasPrefix("RTSP/") && words.count >= 2 ? Int(words[1]) : nil }

    func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    mutating func set(_ name: String, _ value: String?) {
        let index = fields.firstIndex { $0.name.lowercased() == name.lowercased() }
        switch (index, value) {
        case (let index?, let value?): fields[index].value = value
        case (nil, let value?): fields.append((name, value))
        default: break
        }
        if value == nil { fields.removeAll { $0.name.lowercased() == name.lowercased() } }
    }

    package var bytes: [UInt8] {
        let head = ([start] + fields.map { "\($0.name): \($0.value)" }).joined(separator: "\r\n")
        return Array("\(head)\r\n\r\n".utf8) + body
    }
}

/// Splits one direction of an RTSP connection into messages and everything else: interleaved packets (RFC 2326, 10.12) and
/// noise between them.
package struct RTSPSplitter {
    package enum Piece {
        case message(RTSPMessage)
        case other([UInt8])
    }

    package struct Overflow: Error {}

    /// More bytes of one head, or of a body, are no message.
    private static let limit = 1 << 17

    private let beginsMessage: @Sendable ([UInt8].SubSequence) -> Bool?
    private var buffer: [UInt8] = []
    /// Bytes of the current interleaved packet that have not come yet.
    private var rest = 0

    /// - Parameter beginsMessage: whether bytes begin a message; `nil` when more are needed to tell.
    private init(_ beginsMessage: @escaping @Sendable ([UInt8].SubSequence) -> Bool?) {
        self.beginsMessage = beginsMessage
    }

    /// From a client: what is no packet is a message.
    package static let ofClient = RTSPSplitter { $0.isEmpty ? nil : true }
    /// From a camera: only responses are messages, so that noise and the camera's own requests pass as they are.
    package static let ofCamera = RTSPSplitter { bytes in
        let mark = Array("RTSP/1.0 ".utf8)
        guard bytes.starts(with: mark.prefix(bytes.count)) else { return false }
        return bytes.count >= mark.count ? true : nil
    }

    package mutating func append(_ bytes: some Collection<UInt8>) { buffer += bytes }

    /// Returns the next piece; `nil` when more bytes are needed.
    package mutating func next() throws(Overflow) -> Piece? {
        var end = 0
        loop: while end < buffer.count {
            if rest > 0 {
                let part = min(rest, buffer.count - end)
                (end, rest) = (end + part, rest - part)
            } else if buffer[end] == 0x24 {
                guard buffer.count - end >= 4 else { break loop }
                rest = 4 + Int(buffer[end + 2]) << 8 + Int(buffer[end + 3])
            } else {
                switch beginsMessage(buffer[end...]) {
                case nil: break loop
                case false?: end += 1
                case true?:
                    guard end == 0 else { break loop }
                    return try message().map { .message($0) }
                }
            }
        }
        guard end > 0 else { return nil }
        defer { buffer.removeFirst(end) }
        return .other(Array(buffer[..<end]))
    }

    private mutating func message() throws(Overflow) -> RTSPMessage? {
        guard let mark = buffer.firstRange(of: [13, 10, 13, 10]) else {
            guard buffer.count <= Self.limit else { throw Overflow() }
            return nil
        }
        guard var message = RTSPMessage(head: String(decoding: buffer[..<mark.lowerBound], as: UTF8.self)) else {
            throw Overflow()
        }
        let length = message.all("Content-Length").first.flatMap { Int($0) } ?? 0
        guard (0...Self.limit).contains(length) else { throw Overflow() }
        guard buffer.count - mark.upperBound >= length else { return nil }
        message.body = Array(buffer[mark.upperBound..<(mark.upperBound + length)])
        buffer.removeFirst(mark.upperBound + length)
        return message
    }
}
