import Foundation
import GuardianCore
import GuardianMedia

/// Measures frame rate and GOP length of a stream's first seconds, and says what does not suit recording and detection.
package struct StreamMeasurement: Sendable {
    /// Seconds after the first keyframe until it gives up on the next one.
    package static let limit = 6.0
    /// Seconds: with longer GOPs a pre-roll begins late, and a quiet camera is looked at rarely.
    package static let longGOP = 2.0
    /// Seconds: cameras whose encoder leaves out keyframes (“smart codec”, H.264+, H.265+) have such GOPs.
    package static let smartGOP = 4.0
    /// Frames a second with which people who walk are still tracked.
    private static let leastFrameRate = 5.0

    private var first: Ticks?
    private var newest = Ticks.zero
    private var frames = 0
    private var keyframe: Ticks?
    /// Lengths of whole GOPs.
    private var gops: [Ticks] = []

    package init() {}

    /// - Parameter time: when the frame is decoded; from the first keyframe on.
    package mutating func note(_ time: Ticks, isKeyframe: Bool) {
        guard first != nil || isKeyframe else { return }
        first = first ?? time
        newest = max(newest, time)
        frames += 1
        guard isKeyframe else { return }
        if let keyframe, gops.count < 8 { gops.append(time - keyframe) }
        keyframe = time
    }

    /// Whether two whole GOPs were measured, or the time is over.
    package var isDone: Bool { gops.count >= 2 && elapsed >= 1 || elapsed >= Self.limit }

    private var elapsed: Double { first.map { seconds(newest - $0) } ?? 0 }

    /// Frames a second; `nil` when there was less than half a second of video.
    package var frameRate: Double? { elapsed >= 0.5 && frames > 1 ? Double(frames - 1) / elapsed : nil }

    /// Seconds from keyframe to keyframe: of the longest GOP; `nil` while not one whole GOP was seen.
    package var gop: Double? { gops.max().map(seconds) }

    /// What is to be set differently at the camera, in words.
    package var advice: [String] {
        var advice: [String] = []
        if let longest = gop, let shortest = gops.min().map(seconds) {
            if longest > Self.smartGOP || longest > 2 * max(shortest, 0.2) {
                advice.append(
                    "Its keyframes come irregularly or after \(text(longest)) s: turn off the smart codec (H.264+, H.265+, "
                        + "Smart Coding) and set the keyframe interval to 1 to 2 s.")
            } else if longest > Self.longGOP {
                advice.append(
                    "Its GOP is \(text(longest)) s long, over 2 s: set the camera's keyframe interval (I-frame interval) to "
                        + "\(interval) frames, which is 2 s.")
            }
        } else if elapsed >= Self.longGOP {
            advice.append(
                "No second keyframe came within \(text(elapsed)) s: turn off the smart codec (H.264+, H.265+, Smart Coding) and "
                    + "set the keyframe interval to 1 to 2 s.")
        }
        if let frameRate, frameRate < Self.leastFrameRate {
            advice.append(
                "It sends \(text(frameRate)) frames a second: set 10 to 25, so that people are tracked reliably.")
        }
        return advice
    }

    /// The frames in two seconds.
    private var interval: Int { Int((2 * (frameRate ?? 10)).rounded()) }

    private func seconds(_ ticks: Ticks) -> Double { Double(ticks.count) / Double(Ticks.perSecond) }

    private func text(_ number: Double) -> String { String((number * 10).rounded() / 10) }
}
