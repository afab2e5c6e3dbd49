import Foundation
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianMedia
import GuardianOperations
import GuardianTestKit
import GuardianWire
import ServiceLifecycle
import Testing

@Suite("A camera's events", .timeLimit(.minutes(10)))
struct CameraEventsSerialTests {
    @Test("keep every change of state however many observations and ticks wait, up to 512 changes")
    func overflow() async throws {
        let kit = try PipelineKit()
        let events = CameraEvents(pipeline: kit.pipeline)
        events.post(.cameraLost(reason: "No power."))
        for number in 0..<2_000 { events.post(number % 2 == 0 ? .tick : .look(Int64(number) * 100_000)) }
        events.post(.cameraBack)
        for _ in 0..<2_000 { events.post(.tick) }
        events.post(.watchBack)
        try await running(events) {
            try await eventually("the last one") { try await kit.coverage().last?.change == .watchBack }
        }
        #expect(try await kit.coverage().map(\.change) == [.cameraLost, .cameraBack, .watchBack])
    }

    @Test("drop the oldest of more than 512 changes of state")
    func changesOverflow() async throws {
        let kit = try PipelineKit()
        let events = CameraEvents(pipeline: kit.pipeline)
        for number in 0..<600 { events.post(.cameraLost(reason: "\(number)")) }
        events.post(.cameraBack)
        try await running(events) {
            try await eventually("the last one") { try await kit.coverage().last?.change == .cameraBack }
        }
        let reasons = try await kit.coverage().compactMap(\.reason)
        #expect(reasons == (89..<600).map { "\($0)" })
    }

    @Test("close an event when no input comes any more, at the next tick, twice a second")
    func ticks() async throws {
        let kit = try PipelineKit()
        let monotonic = kit.monotonic
        let events = CameraEvents(pipeline: kit.pipeline, monotonic: monotonic)
        for offset in [0, 500, 1_000, 1_500] as [Int64] { events.post(.look(offset)) }
        try await running(events) {
            try await eventually("open") { events.isOccupied }
            // The first tick notes the time that passed until then; the event has been unseen for less than nine seconds.
            try await monotonic.advanceOnceAsleep(by: .milliseconds(8_501))
            try await monotonic.waitForSleepers(1)
            monotonic.advance(by: .milliseconds(499))
            #expect(monotonic.sleepers == 1 && events.isOccupied)
            monotonic.advance(by: .milliseconds(1))
            try await eventually("closed") { !events.isOccupied }
            #expect(try await kit.kinds() == ["event_opened", "event_closed"])
        }
    }

    @Test("tell when an input was last processed, also while the journal's disk hangs")
    func progress() async throws {
        let kit = try PipelineKit()
        let monotonic = kit.monotonic
        let events = CameraEvents(pipeline: kit.pipeline, monotonic: monotonic)
        let (entered, released) = (Watermark(0), DispatchSemaphore(value: 0))
        try await running(events) {
            try await monotonic.advanceOnceAsleep(by: .milliseconds(500))
            let before = monotonic.now()
            try await eventually("a tick is processed") { events.lastProcessed == before }
            async let hanging: Void = kit.journal.store.write { _ in
                entered.increment()
                released.wait()
            }
            try await eventually("the disk hangs") { entered.value == 1 }
            events.post(.cameraLost(reason: "No power."))
            for _ in 0..<20 { try await monotonic.advanceOnceAsleep(by: .milliseconds(500)) }
            #expect(monotonic.now() - events.lastProcessed >= .seconds(9))
            released.signal()
            try await hanging
            try await eventually("it goes on") { monotonic.now() - events.lastProcessed < .seconds(1) }
        }
    }

    @Test("process all waiting inputs at a graceful shutdown, and close open events last")
    func shutdown() async throws {
        let kit = try PipelineKit()
        let events = CameraEvents(pipeline: kit.pipeline)
        let group = ServiceGroup(services: [events], gracefulShutdownSignals: [], logger: kit.log.logger)
        async let ended: Void = group.run()
        for offset in [0, 500, 1_000, 1_500] as [Int64] { events.post(.look(offset)) }
        try await eventually("open") { events.isOccupied }
        for number in 0..<20 { events.post(.cameraLost(reason: "\(number)")) }
        await group.triggerGracefulShutdown()
        try await ended
        #expect(try await kit.coverage().compactMap(\.reason) == (0..<20).map { "\($0)" })
        let kinds = try await kit.kinds()
        #expect(kinds.first == "event_opened" && kinds.last == "event_closed" && kinds.count == 22)
        #expect(!events.isOccupied)
    }

    /// Runs events of a camera that plays footage, with the inference service there.
    private func live(_ body: (PipelineKit, CameraEvents) async throws -> Void) async throws {
        let footage = try Footage()
        let kit = try PipelineKit(file: try footage.make("in.mp4", seconds: 4))
        kit.clock.set(SystemClock().now())
        kit.service.answer {
            $0.health = {
                .with {
                    $0.ready = true
                    $0.model.sha256 = Hash256.sha256(of: [5]).hex
                }
            }
        }
        let events = CameraEvents(pipeline: kit.pipeline, monotonic: kit.monotonic)
        try await kit.service.serving {
            try await running(kit.link) {
                try await kit.camera.running {
                    try await eventually("the model") { kit.link.health.model != nil }
                    try await eventually("some pictures") { (kit.camera.session.newestGOP()?.packets.count ?? 0) > 5 }
                    try await running(events) { try await body(kit, events) }
                }
            }
        }
    }

    /// Four looks at the newest picture of the camera.
    private func open(_ kit: PipelineKit, _ events: CameraEvents) {
        let now = kit.camera.now
        for offset in Int64(0)..<4 {
            events.post(.look(mediaTime: now + .milliseconds(offset), arrival: kit.clock.now()))
        }
    }

    @Test("process inputs while a snapshot is being made, and write the snapshot when it is done")
    func pictures() async throws {
        let gate = Watermark(0)
        try await live { kit, events in
            kit.service.answer {
                $0.snapshot = { _ in
                    try await gate.wait(beyond: 0)
                    return .picture(9)
                }
            }
            open(kit, events)
            try await eventually("a picture is being made") { kit.service.snapshotCalls.count == 1 }
            events.post(.cameraLost(reason: "No power."))
            try await eventually("the journal has it") { try await kit.coverage().count == 1 }
            #expect(try await kit.kinds() == ["event_opened", "coverage"])
            gate.increment()
            try await eventually("the picture is there") { try await kit.lastEvent()?.snapshot != nil }
            let event = try #require(try await kit.lastEvent())
            let snapshot = try #require(event.snapshot)
            #expect(snapshot.sha256 == .sha256(of: [0xFF, 0xD8, 0xFF, 9]))
            #expect(snapshot.width == 320 && snapshot.height == 240 && kit.fileExists(snapshot, of: event.id))
        }
    }

    @Test("leave an event without a snapshot and log a warning when the service makes none")
    func noPicture() async throws {
        try await live { kit, events in
            open(kit, events)
            try await eventually("logged") { kit.log.text.contains("warning") }
            #expect(try await kit.lastEvent()?.snapshot == nil)
            #expect(try await kit.kinds() == ["event_opened"])
        }
    }

    @Test("record while an event is open, and name clip and model in the journal")
    func recording() async throws {
        try await live { kit, events in
            #expect(!kit.camera.recorder.isRecording)
            open(kit, events)
            try await eventually("open") { events.isOccupied }
            #expect(kit.camera.recorder.isRecording)
            let entry = try #require(try await kit.entries().first)
            guard case .eventOpened(let event, let judgement) = entry.body else {
                Issue.record("the first entry is \(entry.body.kind)")
                return
            }
            #expect(judgement.model == .sha256(of: [5]))
            #expect(event.clips.count == 1)
            try await kit.monotonic.advanceOnceAsleep(by: .seconds(10))
            try await eventually("closed") { try await kit.lastEvent()?.state == .closed }
            try await eventually("the clip ends after the post-roll") { kit.camera.closed.count == 1 }
            #expect(kit.camera.closed.map(\.id) == event.clips.map(\.clip))
            #expect(try await kit.lastEvent()?.clips.map(\.clip) == event.clips.map(\.clip))
        }
    }
}
