import GuardianCore

extension Guardian_V1_Observation {
    public init(_ observation: Observation) {
        self.init()
        mediaTime = observation.mediaTime
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

extension Observation {
    /// - Throws: `GuardianError` `.invalidArgument` when a value is out of range: the AI service decodes untrusted
    ///   streams, and may itself be compromised.
    public init(_ wire: Guardian_V1_Observation) throws {
        guard wire.tracks.count <= 500, (0...1).contains(wire.motion) else {
            throw GuardianError(.invalidArgument, "The AI service sent an invalid observation.")
        }
        self.init(
            mediaTime: wire.mediaTime, tracks: try wire.tracks.map(TrackSighting.init), motion: wire.motion,
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
