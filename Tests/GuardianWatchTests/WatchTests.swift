import Foundation
import GuardianCore
import GuardianMedia
import GuardianVision
import GuardianWatch
import Testing

/// A detector that detects nothing.
struct EmptyDetector: Detector {
    let model: ModelDescription

    init() throws {
        let hash = try #require(Hash256(bytes: [UInt8](repeating: 0, count: 32)))
        model = ModelDescription(
            name: "blind", sha256: hash, input: .init(side: 32), labels: ["background", "person"], layout: .decodedSSD)
    }

    func detect(_ pictures: [[UInt8]]) throws -> [[Detection]] { pictures.map { _ in [] } }
}

@Suite("Watch", .serialized)
struct WatchTests {
    static func packets(_ path: String) throws -> (StreamDescription, [Packet]) {
        let source = FileSource(path: path)
        let stream = try source.open()
        var packets: [Packet] = []
        while let item = try source.next() {
            if case .packet(let packet) = item { packets.append(packet) }
        }
        return (stream, packets)
    }

    static func watch(
        _ stream: StreamDescription, _ packets: some Sequence<Packet>, detector: any Detector
    ) throws -> (observations: [Observation], effort: WatchEffort, attention: Attention) {
        let watch = try Watch(stream: stream, detector: detector)
        var observations: [Observation] = []
        for packet in packets { observations += try watch.process(packet).observations }
        observations += try watch.flush().observations
        return (observations, watch.effort, watch.attention)
    }

    @Test("looks five times a second of media time, however many pictures there are")
    func rate() throws {
        let footage = try Footage()
        let (stream, packets) = try Self.packets(try footage.campus("fast.mp4", filter: "fps=30", seconds: 6))
        let (observations, effort, _) = try Self.watch(stream, packets, detector: try EmptyDetector())
        #expect(effort.decoded == packets.count)
        #expect((29...31).contains(observations.count))
        #expect(
            zip(observations, observations.dropFirst()).allSatisfy { $1.mediaTime - $0.mediaTime >= .milliseconds(150) }
        )
    }

    @Test("keyframes alone are enough; frames that depend on a missing one are skipped")
    func gaps() throws {
        let footage = try Footage()
        let (stream, packets) = try Self.packets(try footage.campus("gop.mp4", seconds: 10, gop: 10))
        let keyframes = packets.filter(\.isKeyframe)
        let alone = try Self.watch(stream, keyframes, detector: try EmptyDetector())
        #expect(alone.observations.count == keyframes.count)
        #expect(alone.effort.skipped == 0)

        // The packets 3 to 14 are lost: 15 to 19 refer to frames that never arrived.
        let lossy = packets.enumerated().filter { !(3...14).contains($0.offset) }.map(\.element)
        let some = try Self.watch(stream, lossy, detector: try EmptyDetector())
        #expect(some.effort.skipped == 5)
        #expect(some.observations.last?.mediaTime ?? 0 > 9000)
    }

    @Test("an empty scene becomes quiet and needs only keyframes; a person makes it active")
    func attention() throws {
        let footage = try Footage()
        let (stream, packets) = try Self.packets(try footage.empty(seconds: 8, filter: "noise=alls=6:allf=t"))
        let (_, effort, attention) = try Self.watch(stream, packets, detector: try EmptyDetector())
        #expect(attention == .quiet)
        // Only the first frame analyses, when nothing is known yet, give regions to the detector.
        #expect(effort.detections < 40)

        let (busy, moving) = try Self.packets(try footage.campus("busy.mp4", seconds: 4))
        let awake = try Self.watch(busy, moving, detector: try EmptyDetector()).attention
        #expect(awake == .looking)
    }

    @Test("sees persons in the pictures of a real scene, with the model that is shipped")
    func persons() throws {
        let footage = try Footage()
        let (stream, packets) = try Self.packets(try footage.campus("persons.mp4", seconds: 5))
        let (observations, _, attention) = try Self.watch(stream, packets, detector: try OpenVINODetector())
        let last = try #require(observations.last)
        #expect(last.tracks.filter(\.seen).count >= 3)
        #expect(last.tracks.allSatisfy { $0.label == .person })
        #expect(attention == .looking)
    }

    @Test("holds the picture in which each person was seen best, and few others")
    func bestViews() throws {
        let footage = try Footage()
        let (stream, packets) = try Self.packets(try footage.campus("views.mp4", seconds: 8))
        let views = BestViews()
        let watch = try Watch(stream: stream, detector: try OpenVINODetector(), views: views)
        var observations: [Observation] = []
        for packet in packets { observations += try watch.process(packet).observations }
        let last = try #require(observations.last)
        #expect(!last.tracks.isEmpty)
        for track in last.tracks {
            let seen = observations.compactMap { observation in
                observation.tracks.first { $0.track == track.track && $0.seen }
                    .map { (time: observation.mediaTime, quality: $0.viewQuality) }
            }
            let best = try #require(seen.max { $0.quality < $1.quality })
            #expect(views.frame(at: best.time)?.mediaTime == best.time)
        }
        let recent = observations.count { $0.mediaTime >= last.mediaTime - .milliseconds(1500) }
        #expect(observations.count { views.frame(at: $0.mediaTime) != nil } <= last.tracks.count + recent)
        #expect(views.frame(at: last.mediaTime + .milliseconds(1)) == nil)
    }
}
