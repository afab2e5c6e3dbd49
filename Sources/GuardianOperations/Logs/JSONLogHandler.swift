import Foundation
import GuardianCore
import Logging

/// Writes each log message as one line of JSON.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let process: String
    private let label: String
    private let output: LogOutput

    public init(process: String, label: String, level: Logger.Level, output: LogOutput) {
        self.process = process
        self.label = label
        self.logLevel = level
        self.output = output
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var line = JSONLine()
        line.add("time", Timestamp(Date()).rfc3339)
        line.add("level", event.level.rawValue)
        line.add("process", process)
        line.add("label", label)
        line.add("message", event.message.description)
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        if let error = event.error { all.updateValue("\(error)", forKey: "error").map { all["metadata.error"] = $0 } }
        // A name that the line has already, or that metadata has twice, would make one of the two unreadable.
        for key in JSONLine.reserved {
            guard let value = all.removeValue(forKey: key) else { continue }
            all["metadata.\(key)"] = value
        }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) { line.add(key, value) }
        output.line(line.finished())
    }
}

/// A JSON object under construction; only what a log line needs.
struct JSONLine {
    static let reserved: Set<String> = ["time", "level", "process", "label", "message"]
    private var bytes: [UInt8] = [0x7B]

    mutating func add(_ key: String, _ text: String) {
        begin(key)
        string(text)
    }

    mutating func add(_ key: String, _ value: Logger.MetadataValue) {
        begin(key)
        write(value)
    }

    func finished() -> [UInt8] { bytes + [0x7D, 0x0A] }

    private mutating func begin(_ key: String) {
        if bytes.count > 1 { bytes.append(0x2C) }
        string(key)
        bytes.append(0x3A)
    }

    private mutating func write(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): string(Self.redacted(text))
        case .stringConvertible(let value): string(Self.redacted(value.description))
        case .array(let values):
            bytes.append(0x5B)
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                write(value)
            }
            bytes.append(0x5D)
        case .dictionary(let values):
            bytes.append(0x7B)
            for (index, pair) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(0x2C) }
                string(pair.key)
                bytes.append(0x3A)
                write(pair.value)
            }
            bytes.append(0x7D)
        }
    }

    /// Values may hold a library's message with the URL that it failed at.
    private static func redacted(_ text: String) -> String {
        text.utf8.contains(0x3D) || text.utf8.contains(0x40) ? Redaction.redact(text) : text
    }

    /// RFC 8259, section 7: quotes, backslashes and control characters are escaped.
    private mutating func string(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0..<0x20: bytes += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
