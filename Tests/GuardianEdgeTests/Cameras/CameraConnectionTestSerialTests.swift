import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("Trying a camera's address", .timeLimit(.minutes(10)))
struct CameraConnectionTestSerialTests {
    @Test("a camera that answers says what it sends")
    func answers() async throws {
        let footage = try Footage()
        let server = try RTSPServer(["cam": footage.make("cam.264.ts", seconds: 20)])
        let finding = await CameraConnectionTest(settings: CameraSettings(source: Secret(server.url("cam")))).run()
        #expect(finding.reason == nil)
        #expect(finding.stream?.codec == .h264)
        #expect(finding.stream?.width == 320)
    }

    @Test("a wrong password and a camera that is not there are told apart, and the password is not repeated")
    func fails() async throws {
        let footage = try Footage()
        let path = try footage.make("cam.264.ts", seconds: 20)
        let server = try RTSPServer(["cam": path], user: "owner", password: "correct")
        let url = server.url("cam").replacing("rtsp://", with: "rtsp://owner:hunter2@")
        let refused = await CameraConnectionTest(settings: CameraSettings(source: Secret(url))).run()
        #expect(refused.stream == nil)
        server.kill()
        let gone = await CameraConnectionTest(settings: CameraSettings(source: Secret(url))).run()
        #expect(gone.stream == nil)
        let reasons = try [#require(refused.reason), #require(gone.reason)]
        #expect(reasons[0] != reasons[1])
        for reason in reasons { #expect(!reason.contains("hunter2")) }
    }
}
