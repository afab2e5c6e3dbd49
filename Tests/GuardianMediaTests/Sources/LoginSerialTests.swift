import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Testing

@Suite("A camera that libav alone cannot keep")
struct LoginSerialTests {
    private func packets(_ source: RTSPSource, _ count: Int) throws -> [Packet] {
        var packets: [Packet] = []
        while packets.count < count, let item = try source.next() {
            if case .packet(let packet) = item { packets.append(packet) }
        }
        return packets
    }

    @Test(
        "is logged in to, in whatever order it offers its logins",
        arguments: [
            "plain", "MD5", "MD5,SHA-256", "SHA-256,MD5", "SHA-256", "Basic,MD5", "MD5,Basic", "Basic", "Basic,SHA-256",
            "MD5,SHA-512-256",
        ])
    func login(_ schemes: String) throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--user", "cam", "--password", "open/sesame#1", "--schemes", schemes)
        for _ in 0..<2 {
            let source = RTSPSource(address: Secret(camera.url(user: "cam:open%2Fsesame%231")))
            #expect(try source.open().width == 320)
            #expect(try packets(source, 12).count == 12)
            source.close()
        }
    }

    @Test("is logged in to with a quality of protection", arguments: ["MD5", "SHA-256", "MD5,SHA-256"])
    func quality(_ schemes: String) throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--user", "cam", "--password", "öpen sesame", "--schemes", schemes, "--qop",
            "auth")
        let source = RTSPSource(address: Secret(camera.url(user: "cam:%C3%B6pen%20sesame")))
        #expect(try source.open().width == 320)
    }

    @Test(
        "is not tried twice as often with a wrong password, which locks some",
        arguments: [("MD5", 1), ("Basic", 1), ("SHA-256", 1), ("MD5,SHA-256", 1)])
    func wrongPassword(_ schemes: String, most: Int) async throws {
        let camera = try ScriptedCamera("--user", "cam", "--password", "open-sesame", "--schemes", schemes)
        let error = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret(camera.url(user: "cam:other"))).open()
        }
        #expect(error.code == .unauthenticated)
        #expect(error.message.contains("user name or password is wrong"))
        try await eventually("it was asked") { !camera.heard.isEmpty }
        let attempts = camera.heard.count { $0.hasPrefix("DESCRIBE") && !$0.hasSuffix(" -") }
        #expect(attempts <= most, "\(camera.heard)")
    }

    @Test("that demands a login that is not known is not said to have another password")
    func unknownLogin() throws {
        let camera = try ScriptedCamera("--user", "cam", "--password", "open-sesame", "--schemes", "SHA-512-256")
        let error = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret(camera.url(user: "cam:open-sesame"))).open()
        }
        #expect(error.code == .unauthenticated)
        #expect(error.message.contains("Digest SHA-512-256"))
        #expect(!error.message.contains("wrong"))
        let datagrams = RTSPSource(
            address: Secret(camera.url(user: "cam:open-sesame")), options: .init(transport: .udp))
        #expect(try #require(throws: GuardianError.self) { try datagrams.open() }.message.contains("transport: tcp"))
    }

    @Test(
        "is kept alive as it wants, after it has hung up twice at most", .timeLimit(.minutes(10)),
        arguments: ["GET_PARAMETER", "OPTIONS"])
    func keepAlive(_ method: String) async throws {
        let footage = try Footage()
        let camera = try ScriptedCamera("--film", try footage.annexB(), "--session", "4", "--alive", method)
        var connections = 0
        // Longer than a session: one ends 4.5 s after the last sign of life.
        while connections < 4 {
            connections += 1
            let source = RTSPSource(address: Secret(camera.url()))
            _ = try source.open()
            let count = (try? packets(source, 80).count) ?? 0
            source.close()
            if count == 80 { break }
        }
        #expect(connections <= (method == "OPTIONS" ? 1 : 3))
    }
}
