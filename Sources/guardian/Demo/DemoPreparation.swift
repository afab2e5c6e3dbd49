import Foundation

/// How far the camera server is with the encoding of footage, read from its log.
enum DemoPreparation {
    /// An encoder that says nothing for so long, in seconds, has stopped.
    private static let silence = 30.0

    /// Returns what is being encoded and how far it is, for a person; `nil` when nothing is.
    static func progress(log: String) -> String? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: log),
            let changed = attributes[.modificationDate] as? Date, -changed.timeIntervalSinceNow < silence,
            let file = FileHandle(forReadingAtPath: log)
        else { return nil }
        defer { try? file.close() }
        let end = (try? file.seekToEnd()) ?? 0
        try? file.seek(toOffset: end > 4_096 ? end - 4_096 : 0)
        let text = String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
        guard let last = text.split(separator: "\n").last else { return nil }
        if last.hasPrefix("PREPARING ") { return "encoding \(last.dropFirst(10)) seconds" }
        return last.hasPrefix("test-camera: encoding ") ? String(last.dropFirst(13)) : nil
    }
}
