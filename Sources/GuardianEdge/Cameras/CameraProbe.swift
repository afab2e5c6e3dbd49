import Foundation
import GuardianCore
import GuardianMedia

/// Tests a camera's address once over a connection of its own.
public struct CameraProbe: Sendable {
    public struct Outcome: Sendable, Hashable {
        /// Time until the first keyframe or until the failure.
        public var milliseconds: Int64
        /// What the camera sends; `nil` when the test failed.
        public var stream: StreamDescription?
        /// Why the test failed, for a person; contains no secret.
        public var reason: String?
    }

    private let settings: CameraSettings
    private let clock: any WallClock

    public init(settings: CameraSettings, clock: any WallClock = SystemClock()) {
        self.settings = settings
        self.clock = clock
    }

    /// Connects to the main stream and waits for a keyframe, for as long as the settings' time-outs allow. Cancellation
    /// ends it at once.
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
                    return Outcome(milliseconds: elapsed(), stream: stream, reason: nil)
                case .packet: continue
                }
            }
            throw GuardianError(.unavailable, "The camera ended the stream before its first picture.")
        } catch {
            let failure = GuardianError.wrap(error, "The camera cannot be read.")
            return Outcome(milliseconds: elapsed(), stream: nil, reason: failure.message)
        }
    }
}
