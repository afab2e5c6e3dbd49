import Foundation
import GuardianCore
import GuardianMedia
import GuardianTestKit
import Synchronization
import Testing

/// A name server of the tests: one answer after the other, the last one for ever.
private final class Names: Sendable {
    private let answers: Mutex<[[String]]>
    private let asked = Mutex<[String]>([])

    init(_ answers: [String]...) { self.answers = Mutex(answers) }

    /// The names that were looked up.
    var heard: [String] { asked.withLock { $0 } }

    /// Allows 127.0.0.1, where the tests' cameras are, and nothing else.
    var reach: CameraReach {
        CameraReach { [self] host in
            asked.withLock { $0.append(host) }
            let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] }
            return answer.compactMap { IPAddress($0) }
        } refusal: { address in
            address == IPAddress("127.0.0.1") ? nil : "That is forbidden here."
        }
    }
}

/// No name server knows names below `.invalid` (RFC 6761, 6.4): a connection to one is one to an address that we looked up. For
/// redirects a name must be known to libav as well, which looks it up before it can be stopped: `localhost`.
@Suite("The name of a camera that is connected to")
struct CameraReachSerialTests {
    private func source(_ address: String, _ names: Names) -> RTSPSource {
        RTSPSource(address: Secret(address), reach: names.reach)
    }

    @Test("is looked up once, and libav gets the address that was checked", arguments: ["MD5", "Basic", "SHA-256"])
    func once(_ scheme: String) throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--user", "cam", "--password", "open-sesame", "--schemes", scheme)
        // A second look-up would be answered with another address.
        let names = Names(["127.0.0.1"], ["127.0.0.2"])
        let source = source("rtsp://cam:open-sesame@camera.invalid:\(camera.port)/cam?a=b", names)
        #expect(try source.open().width == 320)
        guard case .packet = try #require(try source.next()) else {
            Issue.record("there is no packet")
            return
        }
        #expect(names.heard == ["camera.invalid"])
        source.close()
        // A name that has become another one by the next connection is refused.
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .permissionDenied && error.message.contains("camera.invalid is 127.0.0.2"))
        #expect(!error.message.contains("open-sesame"))
    }

    @Test("is refused when one of its addresses is, and nothing is sent")
    func oneOfTwo() throws {
        let camera = try ScriptedCamera()
        let source = source("rtsp://camera.invalid:\(camera.port)/cam", Names(["127.0.0.1", "127.0.0.2"]))
        let error = try #require(throws: GuardianError.self) { try source.open() }
        #expect(error.code == .permissionDenied && camera.heard.isEmpty)
    }

    @Test("is tried at its next address when one does not answer")
    func nextAddress() throws {
        let footage = try Footage()
        let camera = try ScriptedCamera("--film", try footage.annexB())
        let reach = CameraReach { _ in
            ["127.0.0.3", "127.0.0.1"].compactMap { IPAddress($0) }
        } refusal: { _ in
            nil
        }
        let source = RTSPSource(address: Secret("rtsp://camera.invalid:\(camera.port)/cam"), reach: reach)
        #expect(try source.open().width == 320)
    }

    @Test("that nobody knows is no connection, and is tried again later")
    func unknown() throws {
        let error = try #require(throws: GuardianError.self) {
            try source("rtsp://cam:open-sesame@camera.invalid/cam", Names([])).open()
        }
        #expect(error.code == .unavailable && error.isRetryable)
        #expect(error.message.contains("camera.invalid") && !error.message.contains("open-sesame"))
    }

    @Test("that means this machine is refused with the machine's own look-up")
    func thisMachine() throws {
        let camera = try ScriptedCamera()
        let error = try #require(throws: GuardianError.self) {
            try RTSPSource(address: Secret("rtsp://localhost:\(camera.port)/cam"), reach: .networks).open()
        }
        #expect(error.code == .permissionDenied && camera.heard.isEmpty)
    }

    @Test("is followed when the camera redirects to it, with the password", arguments: ["MD5", "SHA-256"])
    func ownName(_ scheme: String) throws {
        let footage = try Footage()
        let camera = try ScriptedCamera(
            "--film", try footage.annexB(), "--redirect", "rtsp://localhost:PORT/real", "--user", "cam", "--password",
            "open-sesame", "--schemes", scheme)
        let names = Names(["127.0.0.1"])
        #expect(try source("rtsp://cam:open-sesame@localhost:\(camera.port)/cam", names).open().width == 320)
        #expect(!names.heard.isEmpty && names.heard.allSatisfy { $0 == "localhost" })
    }

    @Test("is looked up by us when a camera redirects to another one")
    func otherName() throws {
        let footage = try Footage()
        let other = try ScriptedCamera("--film", try footage.annexB())
        let camera = try ScriptedCamera("--redirect", "rtsp://localhost:\(other.port)/cam")
        let names = Names(["127.0.0.1"])
        #expect(try source("rtsp://localhost:\(camera.port)/cam", names).open().width == 320)
        #expect(names.heard == ["localhost", "localhost"])
        let rebound = Names(["127.0.0.1"], ["127.0.0.2"])
        let error = try #require(throws: GuardianError.self) {
            try source("rtsp://localhost:\(camera.port)/cam", rebound).open()
        }
        #expect(error.code == .permissionDenied && error.message.contains("localhost is 127.0.0.2"))
    }

    @Test("does not let a camera redirect to this machine, nor to itself for ever")
    func redirects() throws {
        let stranger = try ScriptedCamera()
        let camera = try ScriptedCamera("--redirect", stranger.url())
        let local = try #require(throws: GuardianError.self) {
            try source("rtsp://camera.invalid:\(camera.port)/cam", Names(["127.0.0.1"])).open()
        }
        #expect(local.code == .permissionDenied && stranger.heard.isEmpty)
        let circle = try ScriptedCamera("--redirect", "rtsp://localhost:PORT/cam")
        let error = try #require(throws: GuardianError.self) {
            try source("rtsp://localhost:\(circle.port)/cam", Names(["127.0.0.1"])).open()
        }
        #expect(error.code == .failedPrecondition && error.message.contains("in a circle"))
    }
}
