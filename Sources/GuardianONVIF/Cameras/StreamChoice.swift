/// Which of a lens's profiles become its main stream and its detection stream.
public struct StreamChoice: Sendable, Equatable {
    /// The largest.
    public var main: MediaProfile
    /// The smallest that is large enough for detection; `nil` when the main stream is the only one that is.
    public var detection: MediaProfile?

    /// Pixels. Below it, people at some distance are too small for the detector.
    package static let smallestWidth = 640

    /// Returns one choice for each video source, in the order in which the camera names them. Only H.264 and H.265 can be
    /// recorded. Of profiles of the same size, the main stream is the one with more frames, the detection stream the one with
    /// fewer, in H.264 if both are there, because it takes less to decode.
    public static func all(of profiles: [MediaProfile]) -> [StreamChoice] {
        var sources: [String] = []
        var usable: [String: [MediaProfile]] = [:]
        for profile in profiles where profile.isRecordable {
            if usable[profile.source] == nil { sources.append(profile.source) }
            usable[profile.source, default: []].append(profile)
        }
        return sources.compactMap { usable[$0].flatMap(choice(of:)) }
    }

    private static func choice(of profiles: [MediaProfile]) -> StreamChoice? {
        // The first of equal ones: cameras list the one that they mean first.
        let main = profiles.enumerated().max { left, right in
            (left.element.area, left.element.frameRate, -left.offset)
                < (right.element.area, right.element.frameRate, -right.offset)
        }
        guard let main = main?.element else { return nil }
        let smaller = profiles.enumerated().filter { $0.element.width >= smallestWidth && $0.element.area < main.area }
        let detection = smaller.min { left, right in
            (left.element.area, left.element.codec == .h264 ? 0 : 1, left.element.frameRate, left.offset)
                < (right.element.area, right.element.codec == .h264 ? 0 : 1, right.element.frameRate, right.offset)
        }
        return StreamChoice(main: main, detection: detection?.element)
    }
}

extension MediaProfile {
    package var isRecordable: Bool { (codec == .h264 || codec == .h265) && area > 0 }
    package var area: Int { width * height }
}
