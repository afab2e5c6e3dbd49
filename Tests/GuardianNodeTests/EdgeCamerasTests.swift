import Foundation
import GuardianCore
import GuardianNode
import GuardianTestKit
import Testing

@Suite("The cameras that edges tell a node of")
struct EdgeCamerasTests {
    private let cameras = EdgeCameras()
    private let first = Hash256.sha256(of: [1])
    private let second = Hash256.sha256(of: [2])

    private func report(_ alias: String, _ id: CameraID = CameraID(UUID())) throws -> CameraReport {
        CameraReport(
            id: id, alias: try #require(CameraAlias(alias)), name: alias, state: .live, watch: .quiet,
            since: Sample.start, fps: 15, bitrate: 1, width: nil, height: nil, codec: nil, recording: false,
            person: false)
    }

    @Test("are both called by their UUIDs when they have one alias, so that it never names another one")
    func aliases() throws {
        let (one, other, yard) = (try report("front"), try report("front"), try report("yard"))
        cameras.update([one, yard], of: first)
        let front = try #require(CameraAlias("front"))
        #expect(try cameras.names.camera(named: front) == one.id)
        cameras.update([other], of: second)
        let texts = [one.id.description, "yard", other.id.description]
        #expect(cameras.all.map(\.alias.text) == texts)
        #expect(throws: GuardianError.self) { try cameras.names.camera(named: front) }
        cameras.lose(first, at: Sample.start)
        #expect(Set(cameras.all.map(\.alias.text)) == Set(texts))
    }

    @Test("do not get another one's UUID for a name")
    func disguised() throws {
        let mine = try report("front")
        cameras.update([try report(mine.id.description)], of: second)
        cameras.update([mine], of: first)
        let named = try cameras.names.camera(named: #require(CameraAlias(mine.id.description)))
        #expect(named == mine.id && cameras.device(of: mine.id) == first)
    }

    @Test("cannot be taken over by another edge while theirs is connected")
    func taken() throws {
        let mine = try report("front")
        cameras.update([mine], of: first)
        cameras.update([try report("mine-now", mine.id)], of: second)
        #expect(cameras.all.map(\.device) == [first] && cameras.all.map(\.alias.text) == ["front"])
        // A recorder that was replaced brings its cameras along.
        cameras.lose(first, at: Sample.start)
        #expect(cameras.all.map(\.device) == [second])
    }

    @Test("keep their names when their edge is away, and come back with it")
    func away() throws {
        let mine = try report("front")
        cameras.update([mine], of: first)
        cameras.lose(first, at: Sample.start)
        #expect(cameras.all.map(\.lostAt) == [Sample.start])
        #expect(cameras.names.name(of: mine.id) == "front")
        cameras.update([mine], of: first)
        #expect(cameras.all.map(\.lostAt) == [nil])
        cameras.update([], of: first)
        #expect(cameras.all.isEmpty)
    }

    @Test("are of so many edges at most")
    func bounded() throws {
        for number in 0..<80 as Range<UInt8> { cameras.update([try report("front")], of: .sha256(of: [number])) }
        #expect(cameras.all.count == 64)
    }
}
