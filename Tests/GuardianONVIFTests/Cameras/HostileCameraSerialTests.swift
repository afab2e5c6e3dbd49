import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("A camera that lies")
struct HostileCameraSerialTests {
    private func failure(of reply: HTTPDevice.Reply) async throws -> CameraFailure? {
        try await HTTPDevice.run { _, _ in
            reply
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: .right, client: client)
                return await GuardianONVIFTests.failure { try await camera.information() }
            }
        }
    }

    private static let bomb =
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e0 'x'>"
        + (1...12).map { "<!ENTITY e\($0) '\(String(repeating: "&e\($0 - 1);", count: 10))'>" }.joined()
        + "]><Envelope><Body><GetDeviceInformationResponse><Model>&e12;</Model></GetDeviceInformationResponse></Body></Envelope>"

    @Test(
        "is no ONVIF camera when its XML is broken, deep, a bomb, or something else",
        arguments: [
            "", "<html>camera</html>", "<Envelope><Body>", String(CameraAnswers.information.dropLast(9)), bomb,
            "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><Envelope/>",
            CameraAnswers.envelope(String(repeating: "<a>", count: 60) + String(repeating: "</a>", count: 60)),
            CameraAnswers.envelope("<tds:GetUsersResponse/>"), CameraAnswers.envelope(""), "\u{0}\u{1}\u{2}",
        ])
    func broken(_ body: String) async throws {
        let reason = try await failure(of: HTTPDevice.Reply(body: body))
        guard case .notONVIF = reason else {
            Issue.record("\(String(describing: reason)): \(body.prefix(40))")
            return
        }
    }

    @Test("is cut off at 256 KiB, whether it says how much it sends or not", arguments: [true, false])
    func large(_ says: Bool) async throws {
        let body = [UInt8](repeating: 0x20, count: 10 << 20)

        var reply = HTTPDevice.Reply(bytes: body)
        reply.headers.add(
            name: says ? "Content-Length" : "Transfer-Encoding", value: says ? "\(body.count)" : "chunked")
        #expect(try await failure(of: reply) == .answerTooLarge)
        reply.body = [UInt8](repeating: 0x20, count: ONVIFClient.answerLimit)
        reply.headers = [:]
        guard case .notONVIF = try await failure(of: reply) else {
            Issue.record("an answer of 256 KiB is read")
            return
        }
    }

    @Test(
        "is not followed to another host, another scheme, or without end",
        arguments: [
            "http://169.254.169.254/latest/meta-data", "http://localhost:%PORT%/onvif/device_service",
            "http://127.0.0.2:%PORT%/", "//127.0.0.2/a", "ftp://127.0.0.1/a", "http://127.0.0.1:%PORT%/again", "/again",
            "http://127.0.0.1@127.0.0.2/", "", "http://[::1]:%PORT%/",
        ])
    func redirects(_ location: String) async throws {
        try await HTTPDevice.run { request, port in
            HTTPDevice.Reply(
                .temporaryRedirect, headers: ["Location": location.replacing("%PORT%", with: "\(port)")])
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: .right, client: client)
                #expect(await GuardianONVIFTests.failure { try await camera.information() } == .redirectedAway)
                #expect(device.requests.count <= ONVIFClient.redirectLimit + 1)
            }
        }
    }

    @Test("is followed within its host, and gets an answer for the path that it leads to")
    func redirectWithin() async throws {
        let simulated = SimulatedCamera(login: .digest("MD5"), time: noon)
        try await HTTPDevice.run { request, port in
            guard request.path == "/elsewhere" else {
                return HTTPDevice.Reply(.permanentRedirect, headers: ["Location": "/elsewhere"])
            }
            return simulated.answer(request, port)
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: .right, client: client)
                let information = try await camera.information()
                #expect(information.maker == "Acme")
            }
        }
    }

    @Test("is not asked at this machine unless that is allowed")
    func loopback() async throws {
        try await HTTPDevice.run { _, _ in
            HTTPDevice.Reply(body: CameraAnswers.information)
        } _: { device in
            try await withClient(rules: AddressRules()) { client in
                for host in ["127.0.0.1", "localhost"] {
                    var camera = ONVIFCamera(CameraAddress(host: host, port: device.port), login: nil, client: client)
                    #expect(
                        await GuardianONVIFTests.failure { try await camera.information() }
                            == .forbiddenAddress(.loopback))
                }
                #expect(device.requests.isEmpty)
            }
        }
    }

    @Test("that answers 401 for ever is asked a bounded number of times")
    func refusesForever() async throws {
        let stale = "Digest realm=\"cam\", nonce=\"n1\", stale=true"
        try await HTTPDevice.run { _, _ in
            HTTPDevice.Reply(.unauthorized, headers: ["WWW-Authenticate": stale])
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: .right, client: client)
                for _ in 0..<20 { #expect(await GuardianONVIFTests.failure { try await camera.information() } != nil) }
                // Without a login, with a digest, with the new nonce, the clock, a token.
                #expect(device.requests.count == 5)
                #expect(device.logins == 3)
            }
        }
    }

    @Test("that says nothing is given up after ten seconds")
    func silent() async throws {
        let clock = TestClock()
        try await HTTPDevice.run { _, _ in
            nil
        } _: { device in
            try await withClient(clock: clock) { client in
                async let reason = GuardianONVIFTests.failure {
                    var camera = ONVIFCamera(device.address, login: nil, client: client)
                    return try await camera.information()
                }
                try await eventually("the question has arrived") { !device.requests.isEmpty }
                try await clock.advanceOnceAsleep(by: ONVIFClient.timeLimit)
                #expect(await reason == .timedOut)
            }
        }
    }

    @Test("is said in words: nobody there, not ONVIF")
    func words() async throws {
        try await withClient { client in
            var camera = ONVIFCamera(CameraAddress(host: "127.0.0.1", port: 1), login: nil, client: client)
            let error = await #expect(throws: GuardianError.self) { try await camera.information() }
            #expect(error?.cause as? CameraFailure == .connectionRefused)
            #expect(error?.message.contains("turn on ONVIF") == true)
            #expect(error?.code == .unavailable)
        }
        #expect(try await failure(of: HTTPDevice.Reply(.notFound)) == .notONVIF("HTTP status 404"))
    }
}
