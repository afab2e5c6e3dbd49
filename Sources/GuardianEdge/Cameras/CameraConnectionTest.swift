import Foundation
import GuardianCore
import GuardianMedia

/// Tests a camera's address once over a connection of its own.
public struct CameraConnectionTest: Sendable {
    public struct Outcome: Sendable {
        /// Time until the first keyframe or until the failure.
        public var milliseconds: Int64
        /// What the camera sends; `nil` when the test failed.
        public var stream: StreamDescription?
        /// Why the test failed, for a person; contains no secret.
        public var reason: String?
        /// Frames a second, and seconds from keyframe to keyframe, as measured; `nil` when too little was seen.
        public var frameRate: Double?
        public var gop: Double?
        /// How far the camera's clock is ahead of this machine's, in milliseconds; `nil` when the camera does not say what time
        /// it is.
        public var clockDifference: Int64?
        /// What should be set differently, in words.
        public var advice: [String] = []
        /// The first keyframe.
        package var keyframe: Packet?
    }

    private let settings: CameraSettings
    private let clock: any WallClock

    public init(settings: CameraSettings, clock: any WallClock = SystemClock()) {
        self.settings = settings
        self.clock = clock
    }

    /// Connects to the main stream, waits for a keyframe for as long as the settings' time-outs allow, and then measures for
    /// `StreamMeasurement.limit` at most. Cancellation ends it at once.
    public func run() async -> Outcome {
        let interruption = Interruption()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let thread = Thread { continuation.resume(returning: probe(interruption)) }
                thread.name = "camera test"
                thread.start()
            }
        } onCancel: {
            interruption.interrupt()
        }
    }

    private func probe(_ interruption: Interruption) -> Outcome {
        let start = ContinuousClock.now
        func elapsed() -> Int64 { start.duration(to: .now).milliseconds }
        let source = settings.source(
            settings.source, audio: false, timelineOffset: 0, clock: clock, interruption: interruption)
        defer { source.close() }
        do {
            var stream = try source.open()
            guard stream.codec.isRecordable else {
                throw GuardianError(
                    .failedPrecondition,
                    "The camera sends \(stream.codec.name), which cannot be recorded. Set the camera to H.264 or H.265."
                )
            }
            while let item = try source.next() {
                switch item {
                case .changed(let changed): stream = changed
                case .packet(let packet) where packet.kind == .video && packet.isKeyframe:
                    var outcome = Outcome(milliseconds: elapsed(), stream: stream, keyframe: packet)
                    measure(source, from: packet, into: &outcome)
                    return outcome
                case .packet: continue
                }
            }
            throw GuardianError(.unavailable, "The camera ended the stream before its first picture.")
        } catch {
            let failure = GuardianError.wrap(error, "The camera cannot be read.")
            return Outcome(
                milliseconds: elapsed(), reason: failure.message,
                advice: Self.advice(for: failure.code).map { [$0] } ?? [])
        }
    }

    /// Measures what follows the first keyframe.
    private func measure(_ source: any VideoSource, from first: Packet, into outcome: inout Outcome) {
        var measurement = StreamMeasurement()
        var newest = first
        measurement.note(first.dts, isKeyframe: true)
        let end = ContinuousClock.now + .seconds(StreamMeasurement.limit)
        do {
            while !measurement.isDone, ContinuousClock.now < end, let item = try source.next() {
                switch item {
                case .changed(let changed): outcome.stream = changed
                case .packet(let packet) where packet.kind == .video:
                    measurement.note(packet.dts, isKeyframe: packet.isKeyframe)
                    newest = packet
                case .packet: continue
                }
            }
        } catch {
            let failure = GuardianError.wrap(error, "It stopped sending.")
            outcome.advice.append("After its first picture the connection ended: \(failure.message)")
        }
        outcome.frameRate = measurement.frameRate
        outcome.gop = measurement.gop
        outcome.advice += measurement.advice
        if source.timestampFault == .rate {
            outcome.advice.append(
                "Its clock runs too fast or too slow: set its frame rate again, or update its firmware.")
        }
        if let zero = source.zeroTime {
            let camera = zero + newest.mediaTime.milliseconds
            let difference = camera - newest.arrival
            outcome.clockDifference = difference
            if difference.magnitude > Self.largestDifference {
                let seconds = difference.magnitude / 1000
                outcome.advice.append(
                    "Its clock is \(seconds) s \(difference > 0 ? "ahead" : "behind"): set its time, or its time server (NTP)."
                )
            }
        }
    }

    /// Milliseconds that a camera's clock may differ before somebody is told. Events are dated by this machine's clock anyway.
    private static let largestDifference: UInt64 = 5_000

    /// Returns what to do about a failure; `nil` when its reason says it.
    private static func advice(for code: GuardianError.Code) -> String? {
        switch code {
        case .unauthenticated:
            "Give the user name and password that are set in the camera, often for RTSP or ONVIF alone."
        case .deadlineExceeded: "Check that the camera has power, and that its address and port are right."
        case .notFound: "Check the path after the host: the camera's manual names the one of its RTSP stream."
        case .unavailable: "Check address, port and network, and that RTSP is turned on in the camera."
        default: nil
        }
    }
}
