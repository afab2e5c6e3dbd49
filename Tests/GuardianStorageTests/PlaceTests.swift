import Foundation
import GuardianCore
import GuardianStorage
import GuardianTestKit
import Synchronization
import Testing

/// What a database knows of a place.
private final class Known: Sendable {
    private let id: Mutex<UUID?>
    init(_ id: UUID? = nil) { self.id = Mutex(id) }
    var value: UUID? { id.withLock { $0 } }
    var register: Place.Register {
        Place.Register(read: { self.value }, write: { id in self.id.withLock { $0 = id } })
    }
}

@Suite("A place")
struct PlaceTests {
    private let folder = TemporaryFolder()

    private func isAway(_ state: Place.State) -> Bool { state != .present }

    @Test("that is new and empty gets its identity without a question")
    func new() async throws {
        let known = Known()
        let place = Place(folder.path("clips"), register: known.register)
        #expect(isAway(place.state), "it has not been checked")
        #expect(await place.check() == .present)
        #expect(try PlaceMarker.read(folder.path("clips")) == known.value && known.value != nil)
        #expect(await place.check() == .present)
    }

    @Test("that is new gets one identity, whoever checks it at once")
    func marked() async throws {
        let known = Known()
        let places = (0..<16).map { _ in Place(folder.path("clips"), register: known.register) }
        await withTaskGroup { group in
            for place in places { group.addTask { _ = await place.check() } }
        }
        let id = try PlaceMarker.read(folder.path("clips"))
        #expect(id == known.value && id != nil)
        #expect(try PlaceMarker.claim(UUID(), for: folder.path("clips")) == id)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("clips")) == [PlaceMarker.name])
    }

    @Test("whose marker is missing is away, stays without one, and is back with it")
    func unmounted() async throws {
        let known = Known()
        let place = Place(folder.path("clips"), register: known.register)
        await place.check()
        try FileManager.default.moveItem(atPath: folder.path("clips"), toPath: folder.path("elsewhere"))
        #expect(isAway(await place.check()), "the folder is missing")
        try FileManager.default.createDirectory(atPath: folder.path("clips"), withIntermediateDirectories: false)
        #expect(isAway(await place.check()), "the folder is an empty mount point")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("clips")).isEmpty)
        try FileManager.default.removeItem(atPath: folder.path("clips"))
        try FileManager.default.moveItem(atPath: folder.path("elsewhere"), toPath: folder.path("clips"))
        #expect(await place.check() == .present)
    }

    @Test("that another recorder uses is away, for as long as that one shows itself, and the registers stay")
    func shared() async throws {
        let (clock, first, second) = (TestClock(), Known(), Known())
        func place(_ known: Known, _ user: String) -> Place {
            Place(folder.path("clips"), register: known.register, user: PlaceUser(user, monotonic: clock))
        }
        let (one, other) = (place(first, "a-1"), place(second, "b-1"))
        #expect(await one.check() == .present)
        for _ in 0..<8 {
            guard case .away(let reason) = await other.check() else {
                Issue.record("two recorders use one folder")
                return
            }
            #expect(reason.contains("another recorder"))
            clock.advance(by: .seconds(30))
            #expect(await one.check() == .present)
        }
        #expect(second.value == nil)
        // It restarts, with the same folder; a copy of that folder is another recorder.
        #expect(await place(first, "a-1").check() == .present)
        #expect(isAway(await place(first, "a-2").check()))
        // Now it is gone.
        #expect(isAway(await other.check()))
        clock.advance(by: .seconds(89))
        #expect(isAway(await other.check()))
        clock.advance(by: .seconds(1))
        #expect(await other.check() == .present)
        #expect(second.value == first.value)
        #expect(isAway(await one.check()), "it comes back, and the other one has the folder")
    }

    @Test("that its recorder has left is another's at once")
    func released() async throws {
        let known = Known()
        let clock = TestClock()
        let first = Place(folder.path("clips"), register: known.register, user: PlaceUser("a-1", monotonic: clock))
        let second = Place(folder.path("clips"), register: known.register, user: PlaceUser("a-2", monotonic: clock))
        #expect(await first.check() == .present)
        #expect(isAway(await second.check()))
        first.release()
        #expect(await second.check() == .present)
        // It has nothing to give back any more.
        first.release()
        #expect(isAway(await first.check()))
    }

    @Test("that a perfect copy of the recorder uses too is away for the one that came first")
    func cloned() async throws {
        let (clock, known) = (TestClock(), Known())
        let places = (0..<2).map { _ in
            Place(folder.path("clips"), register: known.register, user: PlaceUser("a-2", monotonic: clock))
        }
        #expect(await places[0].check() == .present)
        #expect(await places[1].check() == .present, "it cannot be told from a restart")
        for _ in 0..<5 {
            #expect(isAway(await places[0].check()))
            clock.advance(by: .seconds(30))
            #expect(await places[1].check() == .present)
        }
    }

    @Test("that takes no writes is not another recorder's", arguments: ["", "nonsense"])
    func unwritable(content: String) async throws {
        let known = Known()
        let clock = TestClock()
        let place = Place(folder.path("clips"), register: known.register, user: PlaceUser("a-1", monotonic: clock))
        #expect(await place.check() == .present)
        try Data(content.utf8).write(to: folder.url.appending(path: "clips/\(PlaceUser.name)"))
        let state = await place.check()
        #expect(isAway(state) == !content.isEmpty)
        clock.advance(by: .seconds(90))
        #expect(await place.check() == .present)
    }

    @Test("with another one's marker is away")
    func foreign() async throws {
        try PlaceMarker.write(UUID(), to: folder.path("clips"))
        let known = Known(UUID())
        let before = known.value
        #expect(isAway(await Place(folder.path("clips"), register: known.register).check()))
        #expect(known.value == before)
    }

    @Test("with a damaged marker is away, and the marker stays")
    func damaged() async throws {
        try Data("not a UUID".utf8).write(to: URL(filePath: folder.path(PlaceMarker.name)))
        #expect(isAway(await Place(folder.url.path, register: Known().register).check()))
        #expect(try String(contentsOfFile: folder.path(PlaceMarker.name), encoding: .utf8) == "not a UUID")
    }

    @Test("keeps its identity when the database was lost")
    func lostDatabase() async throws {
        let id = UUID()
        try PlaceMarker.write(id, to: folder.url.path)
        let known = Known()
        #expect(await Place(folder.url.path, register: known.register).check() == .present)
        #expect(known.value == id)
    }

    @Test("without any marker is used only if it is recognised")
    func unrecognised() async throws {
        let (known, evidence) = (Known(), Known())
        let place = Place(folder.url.path, register: known.register) { evidence.value != nil }
        #expect(isAway(await place.check()))
        #expect(try PlaceMarker.read(folder.url.path) == nil && known.value == nil)
        try await evidence.register.write(UUID())
        #expect(await place.check() == .present)
    }
}
