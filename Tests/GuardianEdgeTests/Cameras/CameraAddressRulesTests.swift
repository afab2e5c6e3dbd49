import GuardianClients
import GuardianCore
import GuardianEdge
import Testing

@Suite("Where a camera that is added at run time may be")
struct CameraAddressRulesTests {
    private let rules = CameraAddressRules(
        allowsLocal: false,
        resolver: HostResolver { host in
            let known = [
                "inside.example": ["192.168.1.20"], "rebound.example": ["192.168.1.20", "127.0.0.1"],
                "meta.example": ["169.254.169.254"],
            ]
            return (known[host] ?? []).compactMap { IPAddress($0) }
        })

    @Test(
        "is any host on a network",
        arguments: [
            "192.168.1.20", "10.0.0.1", "172.16.0.9", "100.64.0.7", "203.0.113.9", "[fd12:3456::20]", "[2001:db8::1]",
            "inside.example", "camera.local", "localhost.example", "unknown.example", "[::ffff:192.168.1.20]",
        ])
    func allowed(host: String) async {
        #expect(await rules.refusal(of: "rtsp://u:p@\(host):554/main") == nil)
    }

    @Test(
        "is not this machine, nor where no camera is, however it is written",
        arguments: [
            "localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.9.9.9", "127.1", "2130706433",
            "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
            "[::127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254", "169.254.1.1", "[fe80::1]", "[fe80::1%25eth0]",
            "[febf::1]", "[::ffff:169.254.169.254]", "224.0.0.1", "239.255.255.250", "255.255.255.255", "[ff02::1]",
            "100.100.100.200", "[fd00:ec2::254]", "[64:ff9b::c0a8:114]", "[2002:c0a8:114::1]", "rebound.example",
            "meta.example",
        ])
    func refused(host: String) async {
        #expect(await rules.refusal(of: "rtsp://u:hunter2@\(host):554/main") != nil)
        let reason = await rules.refusal(of: "rtsp://u:hunter2@\(host):554/main") ?? ""
        #expect(!reason.contains("hunter2"))
        #expect(await CameraAddressRules(allowsLocal: true).refusal(of: "rtsp://\(host)/main") == nil)
    }

    @Test("is asked of the connection again, unless the configuration file says it")
    func atConnection() async throws {
        let alias = try #require(CameraAlias("a"))
        let source = "rtsp://u:p@localhost:1/main"
        let camera = try CameraConfiguration(alias: alias, name: "A", source: Secret(source))
        let other = CameraAddressRules(
            allowsLocal: false,
            written: [try CameraConfiguration(alias: alias, name: "A", source: Secret("rtsp://localhost:2/main"))])
        for rules in [rules, other] {
            let refused = await CameraConnectionTest(settings: CameraSettings(camera, rules: rules)).run()
            #expect(refused.reason?.contains("That is an address of this machine") == true)
        }
        // These connect; nobody answers.
        let written = CameraAddressRules(allowsLocal: false, written: [camera])
        for rules in [written, CameraAddressRules(allowsLocal: true)] {
            let reached = await CameraConnectionTest(settings: CameraSettings(camera, rules: rules)).run()
            #expect(reached.reason?.contains("address of this machine") == false)
        }
    }

    @Test("may be a name that nobody knows yet: its camera may be off, and the connection asks again")
    func unknownName() async {
        let nobody = CameraAddressRules(allowsLocal: false, resolver: HostResolver { _ in [] })
        #expect(await nobody.refusal(of: "rtsp://camera.local/main") == nil)
    }

    @Test("is no file, which would be read for whoever adds it")
    func file() async throws {
        let alias = try #require(CameraAlias("a"))
        let camera = try CameraConfiguration(
            alias: alias, name: "A", source: Secret("rtsp://192.168.1.2/"), detect: Secret("file:/etc/passwd"))
        let error = try #require(await #expect(throws: GuardianError.self) { try await rules.check(camera) })
        #expect(error.code == .invalidArgument && error.context["field"] == "detect")
        try await CameraAddressRules(allowsLocal: true).check(camera)
    }
}
