import Foundation
import GuardianCore
import Testing

/// The sample footage, and films that ffmpeg makes from it in a folder that is deleted with this object.
final class Footage: Sendable {
    let folder: URL

    init() throws {
        folder = URL.temporaryDirectory.appending(path: "guardian-footage-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The checkout from which these tests were compiled.
    static let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The campus scene. If the file is missing, the test fails with a message that says what to do.
    static func campus() throws -> String {
        let path = checkout.appending(path: ".tools/footage/vtest.avi").path
        try #require(
            FileManager.default.fileExists(atPath: path), "\(path) is missing: run scripts/bootstrap first")
        return path
    }

    /// Runs ffmpeg with `arguments` between the global options and the output's name. Returns the output's path.
    func make(_ name: String, _ arguments: [String]) throws -> String {
        let output = folder.appending(path: name).path
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-y"] + arguments + [output]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "ffmpeg could not make \(name)")
        return output
    }

    /// Makes a filtered campus scene, as H.264 with a keyframe every `gop` frames and no B-frames, as cameras send it.
    func campus(_ name: String, filter: String = "null", seconds: Double? = nil, gop: Int = 20) throws -> String {
        let length = seconds.map { ["-t", "\($0)"] } ?? []
        return try make(
            name,
            length + [
                "-i", try Self.campus(), "-vf", filter, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-g",
                "\(gop)", "-bf", "0", "-sc_threshold", "0", "-threads", "1",
            ])
    }

    /// Makes the campus scene without people: the median over time of each pixel.
    func empty(seconds: Int, filter: String) throws -> String {
        let background = try make(
            "background.png",
            ["-i", try Self.campus(), "-vf", "fps=1,tmedian=radius=38:percentile=0.5", "-frames:v", "1"])
        return try make(
            "empty.mp4",
            [
                "-loop", "1", "-framerate", "10", "-t", "\(seconds)", "-i", background, "-vf", filter, "-c:v",
                "libx264",
                "-preset", "veryfast", "-crf", "20", "-g", "20", "-bf", "0", "-pix_fmt", "yuv420p",
            ])
    }
}
