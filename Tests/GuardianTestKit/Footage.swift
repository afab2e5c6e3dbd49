import Foundation
import GuardianCore

/// Footage made from ffmpeg's test sources, in a folder that is deleted with this object.
public final class Footage {
    public let folder: URL

    public init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "guardian-media-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    public func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Makes a film for `ScriptedCamera`: H.264 as Annex B, ten pictures a second, each with a delimiter before it.
    public func annexB(seconds: Int = 2, size: String = "320x240") throws -> String {
        try make(
            "film.264", seconds: seconds, size: size, rate: 10,
            codec: "libx264 -bf 0 -x264-params aud=1:repeat-headers=1")
    }

    /// Makes `seconds` of a moving test picture.
    ///
    /// - Parameters:
    ///   - codec: ffmpeg's arguments after `-c:v`, split at spaces.
    ///   - gop: frames from keyframe to keyframe.
    @discardableResult
    public func make(
        _ name: String, seconds: Int = 4, size: String = "320x240", rate: Int = 15, codec: String = "libx264 -bf 0",
        gop: Int = 15, audio: String? = nil
    ) throws -> String {
        let path = path(name)
        var arguments = [
            "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=\(size):rate=\(rate):duration=\(seconds)",
        ]
        if audio != nil {
            arguments += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=\(seconds)"]
        }
        arguments += ["-c:v"] + codec.split(separator: " ").map(String.init)
        arguments += ["-pix_fmt", "yuv420p", "-g", "\(gop)", "-threads", "1"]
        if codec.contains("libx264") { arguments += ["-preset", "ultrafast", "-sc_threshold", "0"] }
        if codec.contains("libx265") {
            arguments += [
                "-preset", "ultrafast", "-x265-params",
                "log-level=none:keyint=\(gop):min-keyint=\(gop):scenecut=0:pools=none:frame-threads=1",
            ]
        }
        if let audio { arguments += ["-c:a"] + audio.split(separator: " ").map(String.init) }
        try Tool.run("ffmpeg", arguments + [path])
        return path
    }

    /// Makes a film whose sound begins three seconds before its picture.
    public func withSoundFirst(_ name: String) throws -> String {
        let whole = try make("whole.mp4", seconds: 8, audio: "aac")
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-itsoffset", "3", "-i", whole, "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy",
                "-t", "8",
                path(name),
            ])
        return path(name)
    }
}
