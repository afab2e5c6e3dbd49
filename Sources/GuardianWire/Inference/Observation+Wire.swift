import GuardianCore

extension Guardian_V1_Observation {
    public init(_ observation: Observation) {
        self.init()
        mediaTime = observation.mediaTime.milliseconds
        tracks = observation.tracks.map(Guardian_V1_TrackSighting.init)
        motion = observation.motion
        detected = observation.detected
    }
}

extension Guardian_V1_TrackSighting {
    init(_ sighting: TrackSighting) {
        self.init()
        track = UInt32(clamping: sighting.track)
        label = sighting.label.text
        confidence = sighting.confidence
        box.x = sighting.box.x
        box.y = sighting.box.y
        box.width = sighting.box.width
        box.height = sighting.box.height
        seen = sighting.seen
    }
}

extension Guardian_V1_WatchReply {
    /// Most observations of one reply: the looks of a GOP of half a minute that came at once.
    private static let limit = 1_000

    /// The observations, checked.
    ///
    /// - Throws: `GuardianError` `.invalidArgument` when there are too many, or a value is out of range.
    public func checkedObservations() throws -> [Observation] {
        guard observations.count <= Self.limit else {
            throw GuardianError(.invalidArgument, "The AI service sent too many observations at once.")
        }
        return try observations.map(Observation.init)
    }
}

extension Observation {
    /// - Throws: `GuardianError` `.invalidArgument` when a value is out of range: the AI service decodes untrusted
    ///   streams, and may itself be compromised.
    public init(_ wire: Guardian_V1_Observation) throws {
        guard wire.tracks.count <= 500, (0...1).contains(wire.motion), Plausible.mediaTime.contains(wire.mediaTime)
        else { throw GuardianError(.invalidArgument, "The AI service sent an invalid observation.") }
        self.init(
            mediaTime: MediaTime(milliseconds: wire.mediaTime), tracks: try wire.tracks.map(TrackSighting.init),
            motion: wire.motion,
            detected: wire.detected)
    }
}

extension TrackSighting {
    init(_ wire: Guardian_V1_TrackSighting) throws {
        let box = Box(x: wire.box.x, y: wire.box.y, width: wire.box.width, height: wire.box.height)
        let numbers = [box.x, box.y, box.width, box.height]
        guard let label = Label(wire.label), (0...1).contains(wire.confidence), numbers.allSatisfy({ abs($0) <= 4 }),
            box.width >= 0, box.height >= 0
        else { throw GuardianError(.invalidArgument, "The AI service sent an invalid sighting.") }
        self.init(
            track: Int(wire.track), label: label, confidence: wire.confidence, box: box.clipped, seen: wire.seen)
    }
}
