import Foundation
import GuardianCore
import GuardianEdge
import GuardianTestKit
import Synchronization
import Testing

@Suite("A camera's coverage", .timeLimit(.minutes(10)))
struct CameraCoverageSerialTests {
    private final class Posted: Sendable {
        let inputs = Mutex<[CameraInput]>([])
    }

    private let posted = Posted()

    private func coverage(
        of session: CameraSession, monotonic: any MonotonicClock = SystemMonotonicClock()
    ) -> CameraCoverage {
        CameraCoverage(session: session, startedAt: Sample.start, monotonic: monotonic) { [posted] input in
            posted.inputs.withLock { $0.append(input) }
        }
    }

    private var inputs: [CameraInput] { posted.inputs.withLock { $0 } }

    @Test("has a gap from the start on for a camera that was lost before anybody listened")
    func lostAtOnce() async throws {
        let session = try CameraSession.test("file:/nonexistent/film.mp4")
        try await session.running {
            try await eventually("lost") { session.health.state == .lost }
            try await running(coverage(of: session)) { try await eventually("posted") { !inputs.isEmpty } }
        }
        guard case .cameraLost(let reason, let since)? = inputs.first else {
            Issue.record("\(inputs)")
            return
        }
        #expect(inputs.count == 1 && !reason.isEmpty && since == Sample.start)
    }

    @Test("has a gap from the last packet on for a camera that was cut off, and its end when the camera is back")
    func cutOff() async throws {
        let footage = try Footage()
        let film = try footage.make("cam.264.ts", seconds: 60)
        let server = try RTSPServer(["cam": film])
        let session = try CameraSession.test(server.url("cam"))
        try await session.running {
            try await running(coverage(of: session)) {
                try await eventually("live") { session.health.state == .live }
                server.kill()
                try await eventually("lost") { inputs.count == 1 }
                guard case .cameraLost(_, let since)? = inputs.first else {
                    Issue.record("\(inputs)")
                    return
                }
                #expect(since != nil && since == session.health.lastPacketAt)
                let again = try RTSPServer(["cam": film], port: server.port)
                defer { again.kill() }
                try await eventually("back") { inputs.count == 2 }
                guard case .cameraBack? = inputs.last else {
                    Issue.record("\(inputs)")
                    return
                }
            }
        }
        #expect(session.arrivals() != nil)
    }

    @Test("has a gap for a time in which the process did not run, although packets arrive again at once")
    func suspended() async throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": try footage.make("cam.264.ts", seconds: 60)])
        defer { server.kill() }
        let session = try CameraSession.test(server.url("cam"))
        let monotonic = TestClock()
        try await session.running {
            try await eventually("live") { session.health.state == .live }
            try await running(coverage(of: session, monotonic: monotonic)) {
                try await monotonic.waitForSleepers(1)
                monotonic.advance(by: .seconds(9))
                try await monotonic.waitForSleepers(1)
                #expect(inputs.isEmpty, "the machine is busy")
                let last = try #require(session.health.lastPacketAt)
                monotonic.advance(by: .seconds(11))
                try await eventually("the gap is posted, and its end") { inputs.count == 2 }
                guard case .cameraLost(let reason, let since?)? = inputs.first, case .cameraBack? = inputs.last else {
                    Issue.record("\(inputs)")
                    return
                }
                #expect(reason.contains("did not run") && since <= last)
            }
        }
    }
}
