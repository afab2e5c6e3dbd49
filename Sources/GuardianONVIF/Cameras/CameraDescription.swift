import GuardianCore

/// What one camera says of itself and of its streams.
public struct CameraDescription: Sendable {
    public var information: CameraInformation
    /// `nil` when the camera does not tell its time.
    public var clock: CameraClock?
    /// One for each lens; empty when none can be recorded.
    public var streams: [CameraStreams]

    /// Seconds that a camera's clock may be off before somebody is told: answers take up to some seconds.
    package static let clockTolerance: UInt64 = 10

    /// What a person should know of it, as sentences.
    public var remarks: [String] {
        var remarks: [String] = []
        if streams.isEmpty {
            remarks.append("It has no stream in H.264 or H.265: turn one on in the camera's settings.")
        }
        if let seconds = clock.map({ $0.ahead / 1000 }), seconds.magnitude > Self.clockTolerance {
            remarks.append(
                "Its clock is \(CameraClock.words(secondsAhead: seconds)): set its time, or its time server (NTP).")
        }
        let streams = streams.flatMap { [$0.main, $0.detection].compactMap { $0?.address } }
        if let claimed = streams.lazy.compactMap(\.claimedHost).first {
            remarks.append("It says that its streams are at \(claimed); the address that was asked is used instead.")
        }
        if streams.contains(where: { $0.complete.reveal() != $0.text }) {
            remarks.append("It puts a password into the addresses of its streams.")
        }
        return remarks
    }
}
