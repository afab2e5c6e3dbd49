import Foundation
import GuardianCore
import GuardianVision
import Testing

@Suite("Event engine")
struct EventEngineTests {
    static let camera = CameraID(UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)))
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    static func sighting(_ track: Int, x: Double = 0.5, size: Double = 0.2, score: Double = 0.9) -> TrackSighting {
        TrackSighting(
            track: track, label: .person, confidence: score,
            box: Box(x: x, y: 0.4, width: size / 3, height: size), seen: true)
    }

    /// Updates the engine five times a second; returns its changes, each with the index of the frame analysis.
    static func run(
        _ engine: inout EventEngine, _ looks: [[TrackSighting]], from first: Int = 0
    ) -> [(look: Int, change: EventChange)] {
        var found: [(look: Int, change: EventChange)] = []
        for (index, tracks) in looks.enumerated() {
            let media = MediaTime(milliseconds: Int64(first + index) * 200)
            let observation = Observation(mediaTime: media, tracks: tracks, motion: 0, detected: true)
            for change in engine.update(observation, at: start + (media - 0)) { found.append((first + index, change)) }
        }
        return found
    }

    static func word(_ change: EventChange) -> String {
        switch change {
        case .opened: "opened"
        case .updated: "updated"
        case .closed: "closed"
        }
    }

    @Test("an event opens after several confident sightings, and begins at the first")
    func opens() throws {
        var engine = EventEngine(camera: Self.camera)
        let found = Self.run(&engine, (0..<6).map { [Self.sighting(1, x: 0.1 + Double($0) * 0.02)] })
        #expect(found.map { Self.word($0.change) } == ["opened"])
        let first = try #require(found.first)
        #expect(first.look == 3)
        let report = first.change.report
        #expect(report.firstSight == 0)
        #expect(report.event.startedAt == Self.start)
        #expect(report.event.state == .open)
        #expect(report.event.path.first?.offset == 0)
    }

    @Test("flickers open nothing", arguments: [1, 2, 3])
    func flicker(looks: Int) {
        var engine = EventEngine(camera: Self.camera)
        let steps = (0..<100).map { $0 % 50 < looks ? [Self.sighting(1 + $0 / 50)] : [] }
        #expect(Self.run(&engine, steps).isEmpty)
        #expect(engine.closeAll().isEmpty)
    }

    @Test("weak sightings open nothing, however many")
    func weak() {
        var engine = EventEngine(camera: Self.camera)
        #expect(Self.run(&engine, (0..<100).map { _ in [Self.sighting(1, score: 0.4)] }).isEmpty)
    }

    @Test("an event closes after enough time without sightings, and ends at the last one")
    func closes() throws {
        let settings = EventSettings()
        var engine = EventEngine(camera: Self.camera, settings: settings)
        _ = Self.run(&engine, (0..<10).map { _ in [Self.sighting(1)] })
        let last = Self.start + 1800
        #expect(engine.pass(settings.quiet).isEmpty)
        let closed = engine.pass(.milliseconds(1))
        #expect(closed.map(Self.word) == ["closed"])
        let event = try #require(closed.first?.report.event)
        #expect(event.endedAt == last)
        #expect(event.state == .closed)
        #expect(engine.open.isEmpty)
    }

    @Test("an event closes by media time too, when observations come faster than their pictures were made")
    func closesByMediaTime() throws {
        var engine = EventEngine(camera: Self.camera)
        let steps = (0..<60).map { $0 < 10 ? [Self.sighting(1)] : [] }
        let found = Self.run(&engine, steps)
        #expect(found.map { Self.word($0.change) } == ["opened", "closed"])
        // The last sighting is at 1,800 ms; 10,800 ms is not yet more than nine seconds later.
        #expect(found.last?.look == 55)
    }

    @Test("the wall clock neither opens nor closes an event, nor changes how long it lasted")
    func wallClock() throws {
        var engine = EventEngine(camera: Self.camera)
        var words: [String] = []
        for (index, step) in [0, 3_600_000, 3_600_000, -3_600_000, -7_200_000, 0].enumerated() {
            let media = Int64(index) * 1_000
            let observation = Observation(
                mediaTime: MediaTime(milliseconds: media), tracks: [Self.sighting(1)], motion: 0, detected: true)
            words += engine.update(observation, at: Self.start + media + Int64(step)).map(Self.word)
            words += engine.pass(.seconds(1)).map(Self.word)
        }
        #expect(words == ["opened"])
        let event = try #require(engine.closeAll().first?.report.event)
        #expect(event.startedAt == Self.start && event.endedAt == Self.start + 5_000)
    }

    @Test("a track that is seen again continues the same event")
    func refound() {
        var engine = EventEngine(camera: Self.camera)
        let steps = (0..<60).map { (20..<40).contains($0) ? [] : [Self.sighting(1)] }
        let words = Self.run(&engine, steps).map { Self.word($0.change) }
        #expect(words.filter { $0 == "opened" }.count == 1)
        #expect(engine.open.count == 1)
    }

    @Test("two at once are two events")
    func two() {
        var engine = EventEngine(camera: Self.camera)
        let found = Self.run(&engine, (0..<6).map { _ in [Self.sighting(1, x: 0.2), Self.sighting(2, x: 0.7)] })
        #expect(found.map { Self.word($0.change) } == ["opened", "opened"])
        #expect(Set(found.map { $0.change.report.event.id }).count == 2)
    }

    @Test("a better view is reported, but not at every frame analysis")
    func betterView() throws {
        var engine = EventEngine(camera: Self.camera)
        let found = Self.run(&engine, (0..<40).map { [Self.sighting(1, size: 0.1 + Double($0) * 0.01)] })
        let updates = found.filter { Self.word($0.change) == "updated" }
        #expect((2...4).contains(updates.count))
        #expect(updates.allSatisfy { $0.change.report.isNewView })
        let last = try #require(updates.last)
        #expect(last.change.report.bestView == MediaTime(milliseconds: Int64(last.look) * 200))
    }

    @Test("an object that comes nearer gets a snapshot less and less often")
    func betterViewsThinOut() {
        var engine = EventEngine(camera: Self.camera)
        // It grows by 1.5 % per frame analysis: enough for a better snapshot every three seconds.
        let looks = (0..<200).map { [Self.sighting(1, size: 0.02 * pow(1.015, Double($0)))] }
        let updates = Self.run(&engine, looks).filter { Self.word($0.change) == "updated" }.map(\.look)
        #expect(updates.count == 4)
        for (gap, next) in zip(zip(updates, updates.dropFirst()).map { $1 - $0 }, [20, 40, 80]) {
            #expect(gap >= next)
        }
    }

    @Test("after the watch was lost an open event goes on with the new track at its place, another does not")
    func watchLost() {
        var engine = EventEngine(camera: Self.camera)
        _ = Self.run(&engine, (0..<10).map { _ in [Self.sighting(1, x: 0.3)] })
        engine.watchLost()
        let found = Self.run(
            &engine, (0..<10).map { _ in [Self.sighting(1, x: 0.31), Self.sighting(2, x: 0.8)] }, from: 15)
        #expect(found.map { Self.word($0.change) } == ["opened"])
        #expect(engine.open.count == 2)
        #expect(found.first?.change.report.tracks == [2])
    }

    @Test("a path keeps its turns and few other points")
    func path() throws {
        var engine = EventEngine(camera: Self.camera)
        // It moves right for six seconds, then left for six.
        let steps = (0..<60).map { [Self.sighting(1, x: $0 < 30 ? Double($0) * 0.02 : 1.2 - Double($0) * 0.02)] }
        _ = Self.run(&engine, steps)
        let event = try #require(engine.closeAll().first?.report.event)
        #expect(event.path.count < 14)
        #expect(event.path.first?.offset == 0)
        #expect(event.path.last?.offset == Int64(11_800))
        #expect(event.path.contains { abs($0.box.x - 0.6) < 0.03 })
        #expect(event.path.map(\.offset) == event.path.map(\.offset).sorted())
    }

    @Test("more objects than the limit replace the oldest candidates, but never an open event")
    func visitLimit() {
        var engine = EventEngine(camera: Self.camera, settings: EventSettings(visitLimit: 3))
        _ = Self.run(&engine, (0..<6).map { _ in [Self.sighting(1, x: 0.1)] })
        // A hundred flickers beside the open event leave room for a real object.
        let flickers = (0..<100).map { [Self.sighting(1, x: 0.1), Self.sighting(10 + $0, x: 0.5)] }
        #expect(Self.run(&engine, flickers, from: 6).isEmpty)
        let second = (0..<6).map { _ in [Self.sighting(1, x: 0.1), Self.sighting(2, x: 0.5)] }
        #expect(Self.run(&engine, second, from: 106).map { Self.word($0.change) } == ["opened"])
        // A crowd: the third opens, the others are left out until there is room.
        let crowd = (0..<6).map { _ in (1...9).map { Self.sighting($0, x: Double($0) * 0.1) } }
        _ = Self.run(&engine, crowd, from: 112)
        #expect(engine.open.count == 3)
        #expect(engine.closeAll().count == 3)
    }

    @Test("an event that loses its watch again and again names its first and its newest tracks")
    func trackLimit() throws {
        var engine = EventEngine(camera: Self.camera, settings: EventSettings(trackLimit: 3))
        for track in 1...10 {
            _ = Self.run(&engine, (0..<5).map { _ in [Self.sighting(track, x: 0.3)] }, from: track * 5)
            engine.watchLost()
        }
        let reports = engine.closeAll().map(\.report)
        #expect(reports.map(\.tracks) == [[1, 9, 10]])
    }

    @Test("everything closes when the camera stops")
    func closeAll() {
        var engine = EventEngine(camera: Self.camera)
        _ = Self.run(&engine, (0..<6).map { _ in [Self.sighting(1, x: 0.2), Self.sighting(2, x: 0.7)] })
        #expect(engine.closeAll().map(Self.word) == ["closed", "closed"])
        #expect(engine.open.isEmpty)
    }
}
