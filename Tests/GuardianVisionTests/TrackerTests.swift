import GuardianCore
import GuardianVision
import Testing

@Suite("Tracker")
struct TrackerTests {
    static let everywhere = [Box(x: 0, y: 0, width: 1, height: 1)]

    /// Returns a person 0.2 of the picture tall whose centre is at `x`, `y`.
    static func person(_ x: Double, _ y: Double = 0.5, score: Double = 0.9) -> Sighting {
        Sighting(label: .person, score: score, box: Box(x: x - 0.03, y: y - 0.1, width: 0.06, height: 0.2))
    }

    /// Updates the tracker five times a second with `steps`; returns the track numbers after each.
    static func follow(_ steps: [[Sighting]], settings: TrackerSettings = TrackerSettings()) -> [[Int]] {
        var tracker = Tracker(settings: settings, aspect: 4.0 / 3)
        return steps.enumerated().map { index, sightings in
            tracker.update(sightings, lookedAt: everywhere, at: MediaTime(milliseconds: Int64(index) * 200)).filter(
                \.seen
            ).map(\.track)
        }
    }

    @Test("a walking person keeps one track number")
    func walking() {
        let seen = Self.follow((0..<30).map { [Self.person(0.1 + Double($0) * 0.02)] })
        #expect(seen.allSatisfy { $0 == [1] })
    }

    @Test("two who pass each other keep their numbers")
    func passing() {
        let seen = Self.follow(
            (0..<30).map { step in
                let way = Double(step) * 0.02
                return [Self.person(0.2 + way, 0.45), Self.person(0.8 - way, 0.55)]
            })
        #expect(seen.allSatisfy { Set($0) == [1, 2] })
    }

    @Test("a person hidden for two seconds is found again as the same track", arguments: [2, 5, 10])
    func hidden(looks: Int) {
        let steps = (0..<40).map { step in
            (12..<12 + looks).contains(step) ? [] : [Self.person(0.1 + Double(step) * 0.015)]
        }
        let seen = Self.follow(steps).flatMap { $0 }
        #expect(Set(seen) == [1])
    }

    @Test("a weak sighting keeps a track alive, but begins none")
    func weak() {
        let kept = Self.follow((0..<20).map { [Self.person(0.5, score: $0 < 4 ? 0.9 : 0.2)] })
        #expect(kept.allSatisfy { $0 == [1] })
        let never = Self.follow((0..<20).map { _ in [Self.person(0.5, score: 0.2)] })
        #expect(never.allSatisfy { $0.isEmpty })
    }

    @Test("a person who left the picture is not the one who enters elsewhere")
    func leaving() {
        var steps = (0..<10).map { [Self.person(0.8 + Double($0) * 0.02)] }
        steps += [[], [], []]
        steps += (0..<10).map { [Self.person(0.1 + Double($0) * 0.02)] }
        let seen = Self.follow(steps).flatMap { $0 }
        #expect(Set(seen) == [1, 2])
    }

    @Test("a track outside the analysed regions is not missed")
    func unlooked() {
        var tracker = Tracker(aspect: 4.0 / 3)
        for step in 0..<5 {
            tracker.update(
                [Self.person(0.2)], lookedAt: Self.everywhere, at: MediaTime(milliseconds: Int64(step) * 200))
        }
        let elsewhere = [Box(x: 0.6, y: 0, width: 0.4, height: 1)]
        let view = (5..<9).map { tracker.update([], lookedAt: elsewhere, at: MediaTime(milliseconds: Int64($0) * 200)) }
        #expect(view.allSatisfy { $0.map(\.track) == [1] && $0.allSatisfy { !$0.seen } })
        #expect(tracker.tracks.map(\.state) == [.confirmed])
    }

    @Test("an object that never moved is left out")
    func neverMoved() {
        var tracker = Tracker(aspect: 4.0 / 3)
        for step in 0..<10 {
            let view = tracker.update(
                [Self.person(0.5)], lookedAt: Self.everywhere, at: MediaTime(milliseconds: Int64(step) * 200)
            ) { _ in false
            }
            #expect(view.isEmpty)
        }
        let view = tracker.update([Self.person(0.5)], lookedAt: Self.everywhere, at: 2000) { _ in true }
        #expect(view.map(\.track) == [1])
    }

    @Test("colours distinguish two persons whom positions confuse")
    func colours() throws {
        let size = 300
        func appearance(red: UInt8, green: UInt8, blue: UInt8) throws -> Appearance {
            let pixels = (0..<size * size).flatMap { _ in [red, green, blue] }
            return try #require(
                Appearance(
                    picture: pixels, width: size, height: size, box: Box(x: 0.3, y: 0.2, width: 0.3, height: 0.6)))
        }
        let red = try appearance(red: 200, green: 30, blue: 30)
        let blue = try appearance(red: 30, green: 40, blue: 180)
        func dressed(_ x: Double, _ look: Appearance, clear: Bool = true) -> Sighting {
            var sighting = Self.person(x)
            sighting.appearance = look
            sighting.isClear = clear
            return sighting
        }
        var tracker = Tracker(aspect: 4.0 / 3)
        var time: MediaTime = 0
        func look(_ sightings: [Sighting]) -> [TrackSighting] {
            time = time + .milliseconds(200)
            return tracker.update(sightings, lookedAt: Self.everywhere, at: time)
        }
        for step in 0..<8 {
            _ = look([dressed(0.3 + Double(step) * 0.015, red), dressed(0.6 - Double(step) * 0.015, blue)])
        }
        // They meet, only one of them is detected, and both turn back: their speeds indicate that they passed.
        for step in 0..<3 { _ = look([dressed(0.42 + Double(step) * 0.01, red, clear: false)]) }
        var last: [TrackSighting] = []
        for step in 0..<10 {
            last = look([dressed(0.43 - Double(step) * 0.015, red), dressed(0.48 + Double(step) * 0.015, blue)])
        }
        #expect(last.sorted { $0.box.x < $1.box.x }.map(\.track) == [1, 2])
    }
}
