import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A camera that redirects")
struct RedirectSerialTests {
    private func failure(_ address: String) throws -> GuardianError {
        try #require(throws: GuardianError.self) { try RTSPSource(address: Secret(address)).open() }
    }

    @Test("is followed on the same host and port, with the password")
    func samePlace() throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--redirect", "rtsp://127.0.0.1:PORT/real", "--user", "cam", "--password",
            "open-sesame")
        let source = RTSPSource(address: Secret(camera.url(user: "cam:open-sesame")))
        #expect(try source.open().width == 320)
        guard case .packet = try #require(try source.next()) else {
            Issue.record("there is no packet")
            return
        }
    }

    @Test("is followed on the same host and port too when libav cannot log in there")
    func samePlaceByRelay() throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--redirect", "rtsp://127.0.0.1:PORT/real", "--user", "cam", "--password",
            "open-sesame", "--schemes", "SHA-256")
        let source = RTSPSource(address: Secret(camera.url(user: "cam:open-sesame")))
        #expect(try source.open().width == 320)
        guard case .packet = try #require(try source.next()) else {
            Issue.record("there is no packet")
            return
        }
        source.close()
        // The second time the relay is used from the beginning.
        #expect(try source.open().width == 320)
    }

    @Test(
        "tells the password to no other port, and says where it redirects to", arguments: ["plain", "Basic", "SHA-256"])
    func otherPlace(_ scheme: String) async throws {
        let stranger = try ScriptedCamera("--user", "other", "--password", "other", "--schemes", "Basic")
        let camera = try ScriptedCamera(
            "--redirect", stranger.url(), "--user", "cam", "--password", "open-sesame", "--schemes", scheme)
        let error = try failure(camera.url(user: "cam:open-sesame"))
        #expect(error.code == .permissionDenied)
        #expect(error.message.contains("to rtsp://127.0.0.1:\(stranger.port), which is not told the password"))
        #expect(!"\(error)".contains("open-sesame"))
        #expect(stranger.heard.isEmpty)
        try await eventually("the camera redirected it") {
            camera.heard.contains { $0.hasPrefix("DESCRIBE") && $0.contains(" 302 ") }
        }
    }

    @Test("is followed to another port when there is no password to tell")
    func withoutPassword() throws {
        let footage = try Footage()
        let other = try ScriptedCamera("--film", try footage.annexB())
        let camera = try ScriptedCamera("--redirect", other.url())
        #expect(try RTSPSource(address: Secret(camera.url())).open().width == 320)
    }

    @Test("in a circle is given up soon, with the reason")
    func circle() throws {
        let camera = try ScriptedCamera("--redirect", "rtsp://127.0.0.1:PORT/cam")
        let error = try failure(camera.url())
        #expect(error.code == .failedPrecondition && error.message.contains("in a circle"))
        #expect(camera.heard.count { $0.hasPrefix("DESCRIBE") } < 20)
    }

    @Test("to what is no camera is refused", arguments: ["file:///etc/hostname", "http://127.0.0.1:PORT/", "/real"])
    func noCamera(_ target: String) throws {
        let camera = try ScriptedCamera("--redirect", target)
        #expect(try failure(camera.url()).isRetryable == false)
        #expect(!camera.heard.contains { $0.hasPrefix("GET") })
    }
}
