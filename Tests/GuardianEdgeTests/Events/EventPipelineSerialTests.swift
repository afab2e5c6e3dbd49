import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianTestKit
import Testing

@Suite("An event pipeline")
struct EventPipelineSerialTests {
    @Test("opens an event at the fourth sighting with thresholds and model, and requests a snapshot")
    func opens() async throws {
        let kit = try PipelineKit()
        for offset in [0, 500, 1_000] as [Int64] { #expect(await kit.pipeline.process(.look(offset)).isEmpty) }
        #expect(kit.journal.position == 0 && !kit.pipeline.isOccupied)
        let wanted = await kit.pipeline.process(.look(1_500))
        #expect(kit.pipeline.isOccupied)
        let entry = try #require(try await kit.entries().first)
        guard case .eventOpened(let event, let judgement) = entry.body else {
            Issue.record("the first entry is \(entry.body.kind)")
            return
        }
        #expect(entry.at == Sample.start + 1_650, "the arrival of the confirming packet")
        #expect(event.camera == kit.id && event.state == .open && event.label == .person && event.snapshot == nil)
        #expect(event.startedAt == Sample.start && event.endedAt == Sample.start + 1_500)
        #expect(judgement.software == "guardian \(GuardianVersion.current)" && judgement.model == .sha256(of: []))
        #expect(
            judgement.thresholds == [
                "looksToOpen": 4, "confidenceToOpen": 2_000, "bestToOpen": 500, "quiet": 9_000,
            ])
        #expect(
            wanted.map(\.event) == [event.id] && wanted.map(\.mediaTime.milliseconds) == [Sample.start.milliseconds])
        #expect(kit.journal.position == 1)
    }

    @Test("closes an event after more than nine seconds without a sighting")
    func closes() async throws {
        let kit = try PipelineKit()
        let opened = await kit.pipeline.open()
        kit.clock.set(Sample.start + 10_501)
        kit.monotonic.advance(by: .milliseconds(9_000))
        #expect(await kit.pipeline.process(.tick).isEmpty)
        #expect(try await kit.kinds() == ["event_opened"] && kit.pipeline.isOccupied)
        kit.monotonic.advance(by: .milliseconds(1))
        let wanted = await kit.pipeline.process(.tick)
        #expect(wanted.map(\.event) == opened.map(\.event), "there is no picture yet")
        let entry = try #require(try await kit.entries().last)
        #expect(entry.body.kind == "event_closed" && entry.at == Sample.start + 10_501)
        #expect(entry.body.event?.state == .closed && entry.body.event?.endedAt == Sample.start + 1_500)
        #expect(!kit.pipeline.isOccupied)
    }

    @Test(
        "opens and closes events as before after the wall clock was set by an hour",
        arguments: [3_600_000, -3_600_000] as [Int64])
    func wallClock(step: Int64) async throws {
        let kit = try PipelineKit()
        for offset in [0, 500] as [Int64] { #expect(await kit.pipeline.process(.look(offset)).isEmpty) }
        kit.clock.set(Sample.start + 500 + step)
        #expect(await kit.pipeline.process(.tick).isEmpty)
        for offset in [1_000, 1_500, 9_000] as [Int64] {
            kit.monotonic.advance(by: .milliseconds(500))
            _ = await kit.pipeline.process(.tick)
            _ = await kit.pipeline.process(.look(offset))
        }
        #expect(try await kit.kinds() == ["event_opened"] && kit.pipeline.isOccupied)
        kit.clock.set(Sample.start + -step)
        kit.monotonic.advance(by: .milliseconds(9_000))
        _ = await kit.pipeline.process(.tick)
        #expect(kit.pipeline.isOccupied)
        kit.monotonic.advance(by: .milliseconds(1))
        _ = await kit.pipeline.process(.tick)
        #expect(try await kit.kinds() == ["event_opened", "event_closed"] && !kit.pipeline.isOccupied)
        let event = try #require(try await kit.lastEvent())
        #expect(event.startedAt == Sample.start && event.endedAt == Sample.start + 9_000)
    }

    @Test("writes a snapshot once, with its box, and deletes the previous snapshot")
    func pictures() async throws {
        let kit = try PipelineKit()
        var wanted = try #require(await kit.pipeline.open().first)
        let first = try kit.snapshots.write(Data([1]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        #expect(await kit.pipeline.process(.pictured(wanted, first)).isEmpty)
        #expect(await kit.pipeline.process(.pictured(wanted, first)).isEmpty)
        #expect(try await kit.kinds() == ["event_opened", "event_updated"])
        #expect(try await kit.lastEvent()?.snapshot == first)

        let second = try kit.snapshots.write(Data([2]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        wanted.box = Box(x: 0.5, y: 0.5, width: 0.25, height: 0.5)
        _ = await kit.pipeline.process(.pictured(wanted, second))
        #expect(try await kit.lastEvent()?.snapshot == second)
        #expect(try await kit.lastEvent()?.box == wanted.box)
        #expect(!kit.fileExists(first, of: wanted.event) && kit.fileExists(second, of: wanted.event))

        kit.monotonic.advance(by: .seconds(20))
        #expect(await kit.pipeline.process(.tick).isEmpty, "it has its picture")
        let closed = try #require(try await kit.lastEvent())
        #expect(closed.state == .closed && closed.snapshot == second && closed.box == wanted.box)
    }

    @Test("requests a better snapshot after two seconds, and keeps the old snapshot and box until then")
    func betterView() async throws {
        let kit = try PipelineKit()
        let wanted = try #require(await kit.pipeline.open().first)
        let first = try kit.snapshots.write(Data([1]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        _ = await kit.pipeline.process(.pictured(wanted, first))
        #expect(await kit.pipeline.process(.look(3_499, height: 0.5)).isEmpty)
        let better = try #require(await kit.pipeline.process(.look(3_500)).first)
        #expect(better.event == wanted.event && better.mediaTime.milliseconds == Sample.start.milliseconds + 3_499)
        #expect(better.box.height == 0.5)
        #expect(try await kit.kinds() == ["event_opened", "event_updated", "event_updated"])
        let between = try #require(try await kit.lastEvent())
        #expect(between.snapshot == first && between.box.height == 0.25 && between.endedAt == Sample.start + 3_500)
    }

    @Test("writes coverage with camera, time and reason")
    func coverage() async throws {
        let kit = try PipelineKit()
        kit.clock.set(Sample.start + 7_000)
        for input in [.cameraLost(reason: "No power."), .cameraBack, .watchLost(reason: "Away."), .watchBack]
            as [CameraInput]
        { #expect(await kit.pipeline.process(input).isEmpty) }
        let coverage = try await kit.coverage()
        #expect(coverage.map(\.change) == [.cameraLost, .cameraBack, .watchLost, .watchBack])
        #expect(coverage.map(\.reason) == ["No power.", nil, "Away.", nil])
        #expect(coverage.allSatisfy { $0.camera == kit.id && $0.at == Sample.start + 7_000 })
    }

    @Test(
        "begins a gap in coverage when the camera was last seen, but neither before the last change nor in the future")
    func coverageSince() async throws {
        let kit = try PipelineKit()
        kit.clock.set(Sample.start + 30_000)
        let (start, seen) = (Sample.start, Sample.start + 20_000)
        let inputs: [CameraInput] = [
            .cameraLost(reason: "No power.", since: seen), .cameraBack, .cameraLost(reason: "Again.", since: seen),
            .watchLost(reason: "Away.", since: start + -60_000), .watchBack,
            .watchLost(reason: "Away.", since: start + 90_000),
        ]
        for input in inputs { #expect(await kit.pipeline.process(input).isEmpty) }
        let entries = try await kit.entries()
        #expect(entries.map(\.at) == Array(repeating: Sample.start + 30_000, count: 6))
        let times = try await kit.coverage().map { $0.at - Sample.start }
        #expect(times == [20_000, 30_000, 30_000, 0, 30_000, 30_000])
    }

    @Test("records continuously while the camera is not analysed, and each event in a clip of its own")
    func unanalysed() async throws {
        let footage = try Footage()
        let kit = try PipelineKit(file: try footage.make("in.mp4", seconds: 8))
        try await kit.camera.running {
            try await eventually("some seconds in the ring") { kit.camera.now > 3_000 }
            let began = kit.camera.now
            let lastLook = began - .milliseconds(2_000)
            _ = await kit.pipeline.process(.watchLost(reason: "Away.", lastLook: lastLook))
            try await eventually("a continuous clip grows") {
                kit.camera.opened.map(\.kind) == [.continuous] && kit.camera.now > began + .milliseconds(1_500)
            }
            let first = try #require(kit.camera.opened.first).startedAt
            #expect(first <= kit.camera.session.anchor().timestamp(ofMediaTime: lastLook))
            _ = await kit.pipeline.process(.watchBack)
            try await eventually("it ends") { kit.camera.closed.count == 1 }
            let sight = kit.camera.now
            for number in Int64(0)..<4 {
                _ = await kit.pipeline.process(
                    .look(mediaTime: sight + .milliseconds(number * 500), arrival: Sample.start + number * 500))
            }
            try await eventually("the event has a clip") { kit.camera.opened.map(\.kind) == [.continuous, .event] }
            let event = try #require(try await kit.lastEvent())
            #expect(event.clips.map(\.clip) == [kit.camera.opened[1].id])
            // The pre-roll shows again what the continuous clip shows.
            #expect(kit.camera.opened[1].startedAt < kit.camera.closed[0].startedAt + kit.camera.closed[0].duration)
            // An event that is open goes on in its own clip; after its post-roll a continuous one follows.
            _ = await kit.pipeline.process(.watchLost(reason: "Away again."))
            await kit.pipeline.close()
            try await eventually("a continuous clip follows") {
                kit.camera.opened.map(\.kind) == [.continuous, .event, .continuous]
            }
        }
        #expect(kit.camera.closed.allSatisfy { $0.state == .complete && $0.missingPackets == 0 })
    }

    @Test("continues an open event when the watch restarts with new track numbers")
    func watchLost() async throws {
        let kit = try PipelineKit()
        _ = await kit.pipeline.open(track: 7)
        _ = await kit.pipeline.process(.watchLost(reason: "Away."))
        _ = await kit.pipeline.process(.watchBack)
        #expect(await kit.pipeline.open(at: 3_000, track: 1).isEmpty)
        await kit.pipeline.close()
        #expect(try await kit.kinds() == ["event_opened", "coverage", "coverage", "event_closed"])
        #expect(try await kit.lastEvent()?.endedAt == Sample.start + 4_500)
    }

    @Test("accepts late snapshots of the sixteen events that closed last, and of no older one")
    func latePictures() async throws {
        let kit = try PipelineKit()
        var wanted: [WantedPicture] = []
        for number in Int64(0)..<17 {
            wanted += await kit.pipeline.open(at: number * 100_000, track: Int(number) + 1)
            kit.monotonic.advance(by: .seconds(50))
            _ = await kit.pipeline.process(.tick)
        }
        #expect(wanted.count == 17 && kit.journal.position == 34)
        let late = try kit.snapshots.write(Data([1]), of: wanted[0].event, width: 320, height: 240, at: Sample.start)
        _ = await kit.pipeline.process(.pictured(wanted[0], late))
        #expect(kit.journal.position == 34)
        #expect(!kit.fileExists(late, of: wanted[0].event), "no entry will ever name it")
        _ = await kit.pipeline.process(.pictured(wanted[1], late))
        let event = try #require(try await kit.lastEvent())
        #expect(kit.journal.position == 35 && event.id == wanted[1].event)
        #expect(event.state == .closed && event.snapshot == late)
    }

    @Test("keeps the picture of a forgotten event when the same picture is made once more")
    func samePicture() async throws {
        let kit = try PipelineKit()
        let wanted = try #require(await kit.pipeline.open().first)
        let picture = try kit.snapshots.write(Data([1]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        _ = await kit.pipeline.process(.pictured(wanted, picture))
        for number in Int64(1)...18 {
            kit.clock.set(Sample.start + (number * 100_000 - 50_000))
            _ = await kit.pipeline.process(.tick)
            _ = await kit.pipeline.open(at: number * 100_000, track: Int(number) + 1)
        }
        _ = await kit.pipeline.process(.pictured(wanted, picture))
        #expect(kit.fileExists(picture, of: wanted.event))
    }

    @Test("does not replace a picture by one of an earlier view that took longer to make, and removes that one's file")
    func order() async throws {
        let kit = try PipelineKit()
        let earlier = try #require(await kit.pipeline.open().first)
        _ = await kit.pipeline.process(.look(3_499, height: 0.5))
        let later = try #require(await kit.pipeline.process(.look(3_500)).first)
        #expect(later.number > earlier.number)
        let event = earlier.event
        let better = try kit.snapshots.write(Data([2]), of: event, width: 320, height: 240, at: Sample.start + 3_499)
        let worse = try kit.snapshots.write(Data([1]), of: event, width: 320, height: 240, at: Sample.start)
        _ = await kit.pipeline.process(.pictured(later, better))
        let position = kit.journal.position
        _ = await kit.pipeline.process(.pictured(earlier, worse))
        #expect(kit.journal.position == position)
        #expect(try await kit.lastEvent()?.snapshot == better)
        #expect(kit.fileExists(better, of: event) && !kit.fileExists(worse, of: event))
    }

    @Test("keeps the old picture's file until the journal has accepted the new one")
    func refusedPicture() async throws {
        let kit = try PipelineKit()
        let wanted = try #require(await kit.pipeline.open().first)
        let old = try kit.snapshots.write(Data([1]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        let new = try kit.snapshots.write(Data([2]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        _ = await kit.pipeline.process(.pictured(wanted, old))
        try await kit.refuseEntries(true)
        _ = await kit.pipeline.process(.pictured(wanted, new))
        #expect(try await kit.lastEvent()?.snapshot == old)
        #expect(kit.fileExists(old, of: wanted.event) && kit.fileExists(new, of: wanted.event))
        try await kit.refuseEntries(false)
        await kit.pipeline.close()
        #expect(try await kit.lastEvent()?.snapshot == new)
        #expect(!kit.fileExists(old, of: wanted.event) && kit.fileExists(new, of: wanted.event))
    }

    @Test("writes the whole event in the next entry after the journal refused one")
    func refused() async throws {
        let kit = try PipelineKit()
        let wanted = try #require(await kit.pipeline.open().first)
        let picture = try kit.snapshots.write(Data([1]), of: wanted.event, width: 320, height: 240, at: Sample.start)
        try await kit.refuseEntries(true)
        _ = await kit.pipeline.process(.pictured(wanted, picture))
        #expect(try await kit.kinds() == ["event_opened"] && kit.log.text.contains("error"))
        try await kit.refuseEntries(false)
        await kit.pipeline.close()
        #expect(try await kit.kinds() == ["event_opened", "event_closed"] && !kit.pipeline.isOccupied)
        #expect(try await kit.lastEvent()?.snapshot == picture)
    }
}
