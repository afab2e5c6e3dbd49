import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("One password for the cameras of a maker")
struct PasswordTrialSerialTests {
    private func found(_ device: HTTPDevice, maker: String?, host: String = "127.0.0.1") -> FoundCamera {
        FoundCamera(
            address: CameraAddress(host: host, port: device.port), identifier: "", maker: maker, isPermitted: true)
    }

    /// Runs a trial on one simulated camera; returns the outcome and how often a login was sent.
    private func outcome(
        _ simulated: SimulatedCamera, maker: String? = "Acme", password: String = "pass"
    ) async throws -> (PasswordTrial.Outcome, logins: Int, requests: Int) {
        try await HTTPDevice.run(simulated.answer) { device in
            try await withClient { client in
                let results = await PasswordTrial(client: client).run(
                    name: "admin", password: Secret(password), maker: "ACME", on: [found(device, maker: maker)])
                #expect(results.count == 1)
                return (results[0].outcome, device.logins, device.requests.count)
            }
        }
    }

    @Test(
        "is tried once on each, in the one way that the camera asks for",
        arguments: [
            (SimulatedCamera.Login.digest("MD5"), "pass", PasswordTrial.Outcome.accepted, 1),
            (.token(onlyText: false), "pass", .accepted, 1), (.digest("SHA-256"), "guess", .refused, 1),
            (.token(onlyText: false), "guess", .refused, 1), (.token(onlyText: true), "pass", .refused, 1),
            (.never, "pass", .refused, 1), (.basic, "pass", .clearTextNeeded, 0), (.none, "pass", .noLoginNeeded, 0),
        ])
    func once(
        _ login: SimulatedCamera.Login, _ password: String, _ expected: PasswordTrial.Outcome, _ logins: Int
    ) async throws {
        let result = try await outcome(SimulatedCamera(login: login, time: noon), password: password)
        #expect(result.0 == expected)
        #expect(result.logins == logins)
    }

    @Test("never reaches a camera of another maker, or of none", arguments: ["Other", "", nil, "Acme 2"])
    func otherMakers(_ maker: String?) async throws {
        let result = try await outcome(SimulatedCamera(login: .digest("MD5")), maker: maker)
        #expect(result.0 == .otherMaker)
        #expect(result.requests == 0)
    }

    @Test("says which cameras are locked, or could not be asked")
    func locked() async throws {
        var simulated = SimulatedCamera(login: .digest("MD5"))
        simulated.instead["GetDeviceInformation"] = HTTPDevice.Reply(.init(statusCode: 423))
        #expect(try await outcome(simulated).0 == .locked)
        try await HTTPDevice.run { _, _ in
            HTTPDevice.Reply(.notFound)
        } _: { device in
            try await withClient { client in
                let cameras = [
                    found(device, maker: "Acme"), found(device, maker: "Acme", host: "169.254.169.254"),
                    found(device, maker: "Acme", host: "127.0.0.1"), found(device, maker: "Bolt", host: "127.0.0.2"),
                ]
                let results = await PasswordTrial(client: client).run(
                    name: "admin", password: Secret("pass"), maker: "Acme", on: cameras)
                #expect(
                    results.map(\.outcome) == [
                        .unreachable(.notONVIF("HTTP status 404")), .unreachable(.forbiddenAddress(.metadata)),
                        .unreachable(.notONVIF("HTTP status 404")), .otherMaker,
                    ])
                // Two entries with one address are one camera.
                #expect(device.requests.count == 1)
            }
        }
    }

    @Test("asks all of many cameras")
    func many() async throws {
        let simulated = SimulatedCamera(login: .digest("MD5"))
        try await HTTPDevice.run(simulated.answer) { device in
            try await withClient { client in
                // All of 127.0.0.0/8 is this machine, but the device listens on the first address only.
                let cameras = (1...12).map { found(device, maker: "acme", host: "127.0.0.\($0)") }
                let results = await PasswordTrial(client: client).run(
                    name: "admin", password: Secret("pass"), maker: "Acme", on: cameras)
                #expect(results.first?.outcome == .accepted)
                #expect(results.dropFirst().allSatisfy { $0.outcome == .unreachable(.connectionRefused) })
                #expect(results.count == 12 && device.logins == 1)
            }
        }
    }
}
