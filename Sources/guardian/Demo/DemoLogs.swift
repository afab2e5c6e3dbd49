import Foundation

/// Counts errors in the logs of all processes.
enum DemoLogs {
    private struct Line: Decodable { var level: String }

    /// Returns the number of lines of level `error` or `critical` in the folder's `.log` files.
    static func errors(in folder: String) -> Int {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".log") }.reduce(0) { count, file in
            let text = (try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? ""
            return count
                + text.split(separator: "\n").count { line in
                    let level = (try? JSONDecoder().decode(Line.self, from: Data(line.utf8)))?.level
                    return level == "error" || level == "critical"
                }
        }
    }
}
