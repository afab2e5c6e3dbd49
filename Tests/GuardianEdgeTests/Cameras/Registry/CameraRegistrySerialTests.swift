import Foundation
import GuardianConfiguration
import GuardianCore
import GuardianHTTP
import GuardianJournal
import GuardianTestKit
import ServiceLifecycle
import Synchronization
import Testing

import GuardianEdge

@Suite("Cameras at run time", .timeLimit(.minutes(10)))
struct CameraRegistrySerialTests {
    private let temporary = TemporaryFolder()
    private let footage: Footage
    private let film: String
    private let journal: Journal
    private let store: ClipStore
    private let link: InferenceLink
    private let folder: StateFolder
    private let configuration: EdgeConfiguration
    private let service = InferenceKit()
    private let log = LogBook()
    /// Cameras whose stations cannot be made now.
    private let broken = Broken()

    private final class Broken: Sendable {
        let aliases = Mutex<Set<String>>([])
    }

    private final class Seen: Sendable {
        let starts = Mutex(0)
        let states = Mutex<[String]>([])
    }

    init() throws {
        footage = try Footage()
        film = try footage.make("cam.mp4", seconds: 20)
        folder = try StateFolder(path: temporary.path("state"))
        journal = try Journal(path: temporary.path("edge.sqlite"), key: DeviceKey())
        store = ClipStore(folder: temporary.path("clips"), keepFree: 1 << 20, logger: log.logger)
        link = try service.link()
        configuration = try EdgeConfiguration(
            ConfigurationFile(
                text: "state: \(temporary.path("state"))\nrecording: {unanalysed: false}", name: "edge.yaml"
            ).root)
        try FileManager.default.createDirectory(atPath: temporary.path("clips"), withIntermediateDirectories: true)
    }

    private func registry() throws -> CameraRegistry {
        let settings = try CameraSettingsStore(folder, importing: nil, clock: SystemClock(), logger: log.logger)
        return CameraRegistry(
            settings, rules: CameraAddressRules(allowsLocal: true), clock: SystemClock(), logger: log.logger
        ) { [configuration, journal, store, link, log, broken, temporary] record, gap in
            if broken.aliases.withLock({ $0.contains(record.alias.text) }) {
                throw GuardianError(.unavailable, "This station is broken.")
            }
            return try CameraStation(
                record.camera, id: record.id, configuration: configuration, journal: journal, store: store,
                snapshots: SnapshotStore(folder: temporary.path("snapshots")), link: link, gap: gap,
                clock: SystemClock(), logger: log.logger)
        } note: { [journal] coverage in
            do { try await journal.append([.coverage(coverage)], at: coverage.at) } catch { Issue.record(error) }
        }
    }

    private func form(_ id: String, _ source: String? = nil) -> CameraForm {
        var form = CameraForm(name: "The \(id)", source: source ?? "file:\(film)")
        form.id = id
        return form
    }

    private func alias(_ text: String) throws -> CameraAlias { try #require(CameraAlias(text)) }

    private func isLive(_ registry: CameraRegistry, _ id: String) -> Bool {
        registry.entries.contains { $0.record.alias.text == id && $0.view.state == .live }
    }

    private func changes() async throws -> [Coverage.Change] {
        try await journal.entries(after: 0, limit: 1_000).compactMap {
            if case .coverage(let coverage) = try $0.content().body { coverage.change } else { nil }
        }
    }

    private func paused(_ isPaused: Bool) -> CameraForm {
        var form = CameraForm()
        form.isPaused = isPaused
        return form
    }

    @Test("are added, changed, paused and removed while another one goes on with the same session")
    func others() async throws {
        let registry = try registry()
        _ = try await registry.add(form("front"))
        try await running(registry) {
            try await eventually("front is live") { isLive(registry, "front") }
            let session = try #require(registry.entries.first?.station?.session)
            for round in 1...3 {
                _ = try await registry.add(form("yard"))
                try await eventually("yard is live, round \(round)") { isLive(registry, "yard") }
                let yard = try #require(try registry.entry(alias("yard")).station?.session)
                let (renamed, changed) = try await registry.change(alias("yard"), CameraForm(name: "Court"))
                #expect(renamed.view.name == "Court" && changed == ["name"] && renamed.station?.session === yard)
                var sound = CameraForm()
                sound.audio = true
                #expect(try await registry.change(alias("yard"), sound).changed == ["audio"])
                try await eventually("yard has another session") {
                    let now = try registry.entry(alias("yard")).station?.session
                    return now != nil && now !== yard && isLive(registry, "yard")
                }
                let pausing = try await registry.change(alias("yard"), paused(true))
                #expect(pausing.0.view.state == .paused && pausing.changed == ["paused"])
                try await eventually("yard's station has ended") { try registry.entry(alias("yard")).station == nil }
                #expect(try await registry.change(alias("yard"), paused(false)).changed == ["resumed"])
                try await eventually("yard is live again") { isLive(registry, "yard") }
                try await registry.remove(alias("yard"))
                #expect(registry.entries.map(\.record.alias.text) == ["front"])
                try await eventually("yard's unit has ended") { registry.unitCount == 1 }
            }
            let front = try #require(registry.entries.first)
            #expect(front.station?.session === session && session.health.reconnects == 0 && front.view.state == .live)
        }
        let changes = try await changes()
        #expect(changes.filter { $0 == .cameraPaused }.count == 3 && changes.filter { $0 == .cameraRemoved }.count == 3)
        let gaps = try await journal.catalogue.gaps(from: Timestamp(milliseconds: 0), to: SystemClock().now() + 1_000)
            .filter { $0.reason == .cameraPaused }
        #expect(gaps.count == 3 && gaps.allSatisfy { $0.to != nil && $0.text == "The owner paused the camera." })
    }

    @Test("that fail are tried again by themselves, and are said, while others run")
    func failing() async throws {
        broken.aliases.withLock { $0 = ["yard"] }
        let registry = try registry()
        try await running(registry) {
            _ = try await registry.add(form("front"))
            _ = try await registry.add(form("yard"))
            try await eventually("front is live") { isLive(registry, "front") }
            try await eventually("yard's failure is said") {
                try registry.entry(alias("yard")).view.lastFailure == "This station is broken."
            }
            #expect(try registry.entry(alias("yard")).view.state == .lost)
            broken.aliases.withLock { $0 = [] }
            try await eventually("yard is live") { isLive(registry, "yard") }
        }
    }

    @Test("are all ended, with their last clip journalled, before a shutdown is over")
    func shutdown() async throws {
        let registry = try registry()
        for id in ["front", "yard", "gate"] { _ = try await registry.add(form(id)) }
        _ = try await registry.change(alias("gate"), paused(true))
        let group = ServiceGroup(configuration: .init(services: [registry], logger: log.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("both are live") { isLive(registry, "front") && isLive(registry, "yard") }
            let front = try #require(try registry.entry(alias("front")).station)
            await front.recorder.beginContinuous(from: .distantPast)
            try await eventually("front records") { front.recorder.isRecording }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            #expect(!front.recorder.isRecording && front.session.health.state == .stopped)
        }
        let kinds = try await journal.entries(after: 0, limit: 1_000).map { try $0.content().body.kind }
        #expect(kinds.filter { $0.contains("clip") }.count == 2, "\(kinds)")
    }

    @Test("stay paused after a restart, and the coverage says so again")
    func restart() async throws {
        let first = try registry()
        _ = try await first.add(form("yard"))
        _ = try await first.change(alias("yard"), paused(true))
        try await running(first) { try await eventually("said") { try await changes() == [.cameraPaused] } }
        let second = try registry()
        #expect(second.entries.map(\.view.state) == [.paused])
        try await running(second) {
            try await eventually("said again") { try await changes() == [.cameraPaused, .cameraPaused] }
            _ = try await second.change(alias("yard"), paused(false))
            try await eventually("live") { isLive(second, "yard") }
            try await eventually("said to be back") { try await changes().last == .cameraBack }
        }
    }

    @Test("that come back by their id while their station still ends are one camera, with its UUID")
    func backAtOnce() async throws {
        let registry = try registry()
        try await running(registry) {
            let id = try await registry.add(form("yard")).record.id
            for _ in 1...5 {
                try await registry.remove(alias("yard"))
                #expect(try await registry.add(form("yard")).record.id == id)
                #expect(registry.unitCount == 1)
            }
            try await eventually("live") { isLive(registry, "yard") }
        }
    }

    @Test("have names that everybody sees at once, and that stay on their footage")
    func names() async throws {
        let registry = try registry()
        let names = registry.names
        let id = try await registry.add(form("yard")).record.id
        #expect(try names.name(of: id) == "yard" && names.camera(named: alias("yard")) == id)
        try await registry.remove(alias("yard"))
        #expect(names.name(of: id) == "yard" && registry.entries.isEmpty)
    }

    @Test("go on in a live view when their station is replaced, and say a pause")
    func live() async throws {
        let registry = try registry()
        _ = try await registry.add(form("yard"))
        try await running(registry) {
            try await eventually("live") { isLive(registry, "yard") }
            let seen = Seen()
            let records = try await registry.entry(alias("yard")).source.live()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await record in records {
                        switch record {
                        case .start: seen.starts.withLock { $0 += 1 }
                        case .state(let json): seen.states.withLock { $0.append(String(buffer: json)) }
                        case .fragment: continue
                        }
                    }
                }
                try await eventually("shown") { seen.starts.withLock { $0 } == 1 }
                _ = try await registry.change(alias("yard"), paused(true))
                try await eventually("the pause is said") {
                    seen.states.withLock { $0.contains { $0.contains("paused") } }
                }
                _ = try await registry.change(alias("yard"), paused(false))
                try await eventually("shown again") { seen.starts.withLock { $0 } == 2 }
                try await registry.remove(alias("yard"))
                try await group.waitForAll()
            }
        }
    }
}
