import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("A camera, asked through ONVIF")
struct ONVIFCameraSerialTests {
    private func ask<Value: Sendable>(
        _ camera: SimulatedCamera, _ login: CameraLogin?,
        _ body: (inout ONVIFCamera, HTTPDevice) async throws -> Value
    ) async throws -> Value {
        try await HTTPDevice.run(camera.answer) { device in
            try await withClient { client in
                var asked = ONVIFCamera(device.address, login: login, client: client)
                return try await body(&asked, device)
            }
        }
    }

    @Test(
        "logs in with HTTP digest or a token, and says what the camera is",
        arguments: [
            SimulatedCamera.Login.none, .digest("MD5"), .digest("SHA-256"), .token(onlyText: false),
        ])
    func information(_ login: SimulatedCamera.Login) async throws {
        try await ask(SimulatedCamera(login: login, time: noon), .right) { camera, device in
            let information = try await camera.information()
            #expect(information.maker == "Acme" && information.model == "Eye 4" && information.firmware == "1.2")
            #expect(information.serialNumber.reveal() == "SN-77")
            #expect(!"\(information)".contains("SN-77"))
            // The login that was accepted is used from the beginning of the next question.
            let before = device.requests.count
            _ = try await camera.information()
            #expect(device.requests.count == before + 1)
        }
    }

    @Test("finds main and detection stream at the camera's own address, without the password that it put there")
    func streams() async throws {
        try await ask(SimulatedCamera(login: .digest("MD5"), time: noon), .right) { camera, _ in
            let streams = try #require(try await camera.streams().first)
            #expect(streams.main.profile.width == 2560)
            #expect(streams.main.address.complete.reveal() == "rtsp://127.0.0.1:8554/P1")
            #expect(streams.detection?.address.text == "rtsp://127.0.0.1:8554/P2")
            #expect(streams.snapshot?.text == "http://127.0.0.1:8554/P1")
            #expect(streams.main.address.claimedHost == nil)
        }
    }

    @Test("puts the address that it talks to in place of another one, and says so")
    func otherAddress() async throws {
        try await ask(SimulatedCamera(host: "192.168.99.99"), nil) { camera, device in
            let streams = try #require(try await camera.streams().first)
            #expect(streams.main.address.text == "rtsp://127.0.0.1:8554/P1")
            #expect(streams.main.address.claimedHost == "192.168.99.99")
            #expect(device.requests.contains { $0.path == "/onvif/m1" })
        }
    }

    @Test("asks the second media service when the first one does not know the codec")
    func secondService() async throws {
        var simulated = SimulatedCamera(services: [ONVIFNamespace.media1, ONVIFNamespace.media2])
        simulated.profiles = [CameraAnswers.profile("A", "", 0, 0), CameraAnswers.profile("B", "H264", 640, 360)]
        simulated.profiles2 = [
            CameraAnswers.profile2("A2", "H265", 3840, 2160), CameraAnswers.profile2("B2", "H264", 640, 360),
        ]
        try await ask(simulated, nil) { camera, _ in
            let streams = try #require(try await camera.streams().first)
            #expect(streams.main.profile.codec == .h265)
            #expect(streams.main.address.text == "rtsp://127.0.0.1:8554/A2")
            #expect(streams.detection?.address.text == "rtsp://127.0.0.1:8554/B2")
        }
        // One that claims the second service, and does not have it.
        simulated.profiles2 = []
        try await ask(simulated, nil) { camera, _ in
            let streams = try await camera.streams()
            #expect(streams.first?.main.address.text == "rtsp://127.0.0.1:8554/B")
        }
    }

    @Test("asks for capabilities where services are unknown, and does without a picture")
    func oldCamera() async throws {
        var simulated = SimulatedCamera()
        simulated.instead["GetServices"] = HTTPDevice.Reply(
            .badRequest, body: CameraAnswers.fault("ter:ActionNotSupported", "Action not supported"))
        simulated.instead["GetCapabilities"] = HTTPDevice.Reply(
            body: CameraAnswers.envelope(
                "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://10.0.0.9/onvif/m1</tt:XAddr>"
                    + "</tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>"))
        simulated.instead["GetSnapshotUri"] = HTTPDevice.Reply(
            .internalServerError, body: CameraAnswers.fault("ter:NotSupported", "No snapshots"))
        let answering = simulated
        try await HTTPDevice.run { request, port in
            // Its media service is at the port that it names: that of the device here.
            guard request.operation == "GetCapabilities" else { return answering.answer(request, port) }
            let text = answering.answer(request, port).map { String(decoding: $0.body, as: UTF8.self) } ?? ""
            return HTTPDevice.Reply(body: text.replacing("10.0.0.9", with: "10.0.0.9:\(port)"))
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: nil, client: client)
                let streams = try #require(try await camera.streams().first)
                #expect(streams.main.address.text == "rtsp://127.0.0.1:8554/P1")
                #expect(streams.snapshot == nil)
            }
        }
    }

    @Test("makes tokens by the camera's clock, wrong by years as it may be", arguments: [-9 * 365, -1, 0, 40])
    func oldClock(_ days: Int64) async throws {
        let time = noon + days * 86_400_000
        try await ask(SimulatedCamera(login: .token(onlyText: false), time: time), .right) { camera, _ in
            let information = try await camera.information()
            #expect(information.maker == "Acme")
            let clock = try await camera.clock()
            #expect(clock.ahead == days * 86_400_000)
        }
    }

    @Test("reads the time in the HTTP header of a camera that wants a login even for that")
    func hiddenClock() async throws {
        var simulated = SimulatedCamera(login: .token(onlyText: false), time: noon + 7_200_000)
        simulated.instead["GetSystemDateAndTime"] = HTTPDevice.Reply(
            .unauthorized, headers: ["Date": "Thu, 26 Nov 2026 14:00:00 GMT"],
            body: CameraAnswers.fault("ter:NotAuthorized", "Sender not authorized"))
        try await ask(simulated, .right) { camera, _ in
            let clock = try await camera.clock()
            #expect(clock.ahead == 7_200_000)
            let information = try await camera.information()
            #expect(information.maker == "Acme")
        }
    }

    @Test(
        "says that the clock may be why a login is refused, if it is far off or unknown, and blames the password else")
    func clockBlamed() async throws {
        for (time, expected) in [
            (noon + -7_200_000, CameraFailure.clockWrong(seconds: -7_200)), (nil, .clockWrong(seconds: nil)),
            (noon + 20_000, .wrongPassword),
        ] as [(Timestamp?, CameraFailure)] {
            try await ask(SimulatedCamera(login: .token(onlyText: false), time: time), .wrong) { camera, _ in
                #expect(await failure { try await camera.information() } == expected)
            }
        }
    }

    @Test(
        "tries a wrong password in two ways at most, and never again",
        arguments: [SimulatedCamera.Login.never, .digest("MD5")])
    func wrongPassword(_ login: SimulatedCamera.Login) async throws {
        try await ask(SimulatedCamera(login: login, time: noon), .wrong) { camera, device in
            #expect(await failure { try await camera.information() } == .wrongPassword)
            #expect(device.logins == 2)
            let before = device.requests.count
            #expect(await failure { try await camera.streams() } == .wrongPassword)
            #expect(device.requests.count == before)
        }
    }

    @Test(
        "sends no password in clear text unless it may",
        arguments: [SimulatedCamera.Login.basic, .token(onlyText: true)])
    func clearText(_ login: SimulatedCamera.Login) async throws {
        var simulated = SimulatedCamera(login: login, time: noon)
        simulated.password = "pass-in-clear"
        var careful = CameraLogin(name: "admin", password: Secret("pass-in-clear"))
        let encoded = "YWRtaW46cGFzcy1pbi1jbGVhcg=="
        func reveals(_ device: HTTPDevice) -> Bool {
            device.requests.contains { request in
                request.body.contains("pass-in-clear") || request.headers.description.contains(encoded)
            }
        }
        try await ask(simulated, careful) { camera, device in
            let reason = await failure { try await camera.information() }
            if case .basic = login { #expect(reason == .clearTextNeeded && device.logins == 0) }
            #expect(reason != nil && !reveals(device))
        }
        careful = CameraLogin(name: "admin", password: Secret("pass-in-clear"), allowsClearText: true)
        try await ask(simulated, careful) { camera, device in
            let information = try await camera.information()
            #expect(information.maker == "Acme")
            #expect(reveals(device))
        }
    }

    @Test("tells a missing login, a lock, and rights that are missing from a wrong password")
    func otherRefusals() async throws {
        try await ask(SimulatedCamera(login: .digest("MD5")), nil) { camera, _ in
            #expect(await failure { try await camera.information() } == .passwordNeeded)
        }
        var locked = SimulatedCamera(login: .digest("MD5"))
        locked.instead["GetDeviceInformation"] = HTTPDevice.Reply(
            .unauthorized, headers: ["WWW-Authenticate": "Digest realm=\"cam\", nonce=\"n1\""],
            body: "<userCheck><lockStatus>lock</lockStatus><unlockTime>1800</unlockTime></userCheck>")
        try await ask(locked, .right) { camera, device in
            #expect(await failure { try await camera.information() } == .locked)
            #expect(device.logins == 0)
        }
        var viewer = SimulatedCamera(login: .digest("MD5"), time: noon)
        viewer.instead["GetProfiles"] = HTTPDevice.Reply(
            .badRequest, body: CameraAnswers.fault("ter:OperationProhibited", "Sender not Authorized"))
        try await ask(viewer, .right) { camera, _ in
            _ = try await camera.information()
            #expect(await failure { try await camera.streams() } == .notPermitted)
        }
    }

    @Test("answers a new nonce once, and does not take it for a wrong password")
    func staleNonce() async throws {
        let simulated = SimulatedCamera(login: .digest("MD5"))
        try await HTTPDevice.run { request, port in
            let field = request.headers.first(name: "Authorization")
            if field == nil {
                return HTTPDevice.Reply(
                    .unauthorized, headers: ["WWW-Authenticate": "Digest realm=\"cam\", qop=\"auth\", nonce=\"n0\""])
            }
            if field?.contains("nonce=\"n0\"") == true {
                return HTTPDevice.Reply(
                    .unauthorized,
                    headers: ["WWW-Authenticate": "Digest realm=\"cam\", qop=\"auth\", nonce=\"n1\", stale=true"])
            }
            return simulated.answer(request, port)
        } _: { device in
            try await withClient { client in
                var camera = ONVIFCamera(device.address, login: .right, client: client)
                let information = try await camera.information()
                #expect(information.maker == "Acme")
                #expect(device.logins == 2)
            }
        }
    }

    @Test("keeps passwords and serial numbers out of logs and errors")
    func secrets() async throws {
        let book = LogBook()
        let answer = SimulatedCamera(login: .digest("MD5"), password: "very-secret", time: noon).answer
        try await HTTPDevice.run(answer) { device in
            try await withClient(logger: book.logger) { client in
                let login = CameraLogin(name: "admin", password: Secret("very-secret"))
                var camera = ONVIFCamera(device.address, login: login, client: client)
                _ = try await camera.information()
                var closed = ONVIFCamera(CameraAddress(host: "127.0.0.1", port: 1), login: login, client: client)
                let error = await #expect(throws: GuardianError.self) { try await closed.information() }
                #expect(error.map { "\($0)" }?.contains("very-secret") == false)
                #expect(!"\(closed)".contains("very-secret"))
            }
        }
        #expect(book.count(of: "request to a camera failed") == 1)
        #expect(!book.text.contains("very-secret") && !book.text.contains("SN-77"))
    }
}
