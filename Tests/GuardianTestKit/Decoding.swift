import Foundation

extension Tool {
    /// Decodes a film and returns ffmpeg's errors; empty when every picture and sound decodes.
    ///
    /// - Parameter exceptLast: leaves out the last packet of the video, and sound at its end. A film whose packets cannot be counted is decoded as a whole.
    public static func decodingErrors(_ path: String, exceptLast: Bool = false) throws -> String {
        guard exceptLast, let count = try videoPackets(path) else { return try decode(path) }
        guard count > 1 else { return "" }
        // Copied first: decoders and ffmpeg's choice of pictures read more packets than the pictures that they return.
        let shortened = path + ".nut"
        defer { try? FileManager.default.removeItem(atPath: shortened) }
        let copying = ["-map", "0", "-c", "copy", "-frames:v", "\(count - 1)"]
        return try run("ffmpeg", ["-v", "error", "-y", "-i", path] + copying + [shortened]) + decode(shortened)
    }

    private static func videoPackets(_ path: String) throws -> Int? {
        try probe(path, "stream=nb_read_packets", ["-select_streams", "v", "-count_packets"]).first.flatMap { Int($0) }
    }

    private static func decode(_ path: String) throws -> String {
        // The pictures' own times: at a constant rate, ffmpeg drops and repeats pictures, and reports as an error that two round to one time.
        let times = ["-fps_mode", "passthrough", "-enc_time_base:v", "-1"]
        return try run("ffmpeg", ["-v", "error", "-threads", "1", "-i", path] + times + ["-f", "null", "-"])
    }
}
