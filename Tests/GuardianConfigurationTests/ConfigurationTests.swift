import Foundation
import GuardianConfiguration
import GuardianCore
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    private func root(
        _ text: String, othersMayRead: Bool = false, settings: [String: String] = [:],
        environment: [String: String] = [:]
    ) throws -> ConfigurationSection {
        try ConfigurationFile(
            text: text, name: "edge.yaml", othersMayRead: othersMayRead, settings: settings, environment: environment
        ).root
    }

    private func failure(_ body: () throws -> Void) throws -> GuardianError {
        try #require(#expect(throws: GuardianError.self) { try body() })
    }

    @Test("values, maps and lists of maps are read")
    func reads() throws {
        let root = try root(
            """
            state: /var/lib/guardian
            web: {port: 8480}
            cameras:
              - {id: front, audio: true}
              - {id: yard}
            """)
        #expect(try root.string("state") == "/var/lib/guardian")
        #expect(try root.section("web").integer("port", in: 1...65535) == 8480)
        let cameras = try root.list("cameras")
        #expect(try cameras.map { try $0.string("id") } == ["front", "yard"])
        #expect(try cameras.map { try $0.boolean("audio") } == [true, nil])
        try root.finish()
    }

    @Test("an unknown key is refused with its line and the valid keys")
    func unknown() throws {
        let root = try root("state: /x\nweb:\n  prot: 80\n")
        _ = try root.string("state")
        _ = try root.section("web").integer("port", in: 1...65535)
        let error = try failure { try root.finish() }
        #expect(error.code == .invalidArgument)
        #expect(error.message == "edge.yaml:3: “web.prot” is unknown here: did you mean “port”?")
        let other = try self.root("web:\n  listen: 80\n")
        _ = try other.section("web").integer("port", in: 1...65535)
        #expect(try failure { try other.finish() }.message == "edge.yaml:2: “web.listen” is unknown here. Known: port.")
    }

    @Test("a map that is read whole is refused alone, with what the command line sets in it")
    func whole() throws {
        func port(_ section: ConfigurationSection) throws -> Int? { try section.integer("port", in: 1...65535) }
        for (text, line) in [("web:\n  port: 0", 2), ("web: 5", 1), ("web:\n  port: 1\n  prot: 2", 3)] {
            let root = try root("state: /x\n\(text)", settings: ["web.tls.key": "/k"])
            let error = try failure { _ = try root.whole("web", port) }
            #expect(error.message.hasPrefix("edge.yaml:\(line + 1): “web"))
            #expect(try root.string("state") == "/x")
            try root.finish()
        }
        let root = try root("web: {port: 1}", settings: ["web.tls.key": "/k"])
        #expect(try root.whole("web", port) == 1)
        #expect(try failure { try root.finish() }.message.hasPrefix("--set: “web.tls.key” is unknown"))
    }

    @Test("an unknown key on the command line is refused, and the one that was probably meant is named")
    func unknownSetting() throws {
        func finish(_ key: String) throws {
            let root = try root("cameras: [{id: front}]\nweb: {port: 1}", settings: [key: "2"])
            _ = try root.section("web").integer("port", in: 1...65535)
            for camera in try root.list("cameras") { _ = try camera.string("id") }
            try root.finish()
        }
        try finish("web.port")
        try finish("cameras.0.id")
        let misspelt = try failure { try finish("web.prot") }
        #expect(misspelt.code == .invalidArgument)
        #expect(misspelt.message == "--set: “web.prot” is unknown: did you mean “web.port”?")
        for key in ["web", "cameras", "cameras.1.id", "node.address", "web..port"] {
            #expect(try failure { try finish(key) }.message.hasPrefix("--set: “\(key)” is unknown"))
        }
        let password = "hunter2:" + String(repeating: "x", count: 70)
        #expect(try failure { try finish(password) }.message.hasPrefix("--set: a key is unknown."))
    }

    @Test("a misspelt key is named where the right one is missed", arguments: ["sorce", "Source", "sourcee", "suorce"])
    func misspelt(_ key: String) throws {
        let root = try root("id: front\n\(key): rtsp://h/\n")
        _ = try root.string("id")
        #expect(try root.string("source") == nil)
        #expect(
            root.refusal("source", "is missing").message
                == "edge.yaml:2: “\(key)” is unknown here: did you mean “source”?")
        #expect(root.refusal("detect", "is missing").message == "edge.yaml:1: “detect” is missing.")
    }

    @Test("maps that << names give the keys that a map has not itself")
    func merges() throws {
        let root = try root(
            """
            cameras:
              - &front {id: front, transport: udp, audio: true}
              - &yard {<<: *front, id: yard}
              - {id: gate, <<: [{audio: false}, *yard]}
            """)
        let cameras = try root.list("cameras")
        #expect(try cameras.map { try $0.string("id") } == ["front", "yard", "gate"])
        #expect(try cameras.map { try $0.string("transport") } == ["udp", "udp", "udp"])
        #expect(try cameras.map { try $0.boolean("audio") } == [true, true, false])
        try root.finish()
        let error = try failure { _ = try self.root("a: 1\n<<: words\n") }
        #expect(error.message == "edge.yaml:2: “<<” must name a map, such as *front, or a list of maps.")
    }

    @Test("an error repeats little of the file, and nothing invisible")
    func bounded() throws {
        let key = String(repeating: "k", count: 500_000)
        let long = try failure { try self.root("? \(key)\n: 1\n").finish() }
        #expect(long.message == "edge.yaml:1: a key is unknown here. Known: nothing.")
        let value = try root("a: 1\n").refusal("a", "names “\(key)\u{202E}\u{1B}”")
        #expect(value.message.count < 700)
        let invisible = try root("a: 1\n").refusal("a", "names “x\u{202E}\u{1B}\u{200B}y”")
        #expect(invisible.message == "edge.yaml:1: “a” names “x\u{FFFD}\u{FFFD}\u{FFFD}y”.")
    }

    @Test("a bad value is refused with its line and what to write instead")
    func bad() throws {
        let root = try root("web:\n  port: many\n")
        let error = try failure { _ = try root.section("web").integer("port", in: 1...65535) }
        #expect(error.message == "edge.yaml:2: “web.port” must be a whole number from 1 to 65535.")
    }

    @Test("a flag overrides the environment, which overrides the file")
    func overrides() throws {
        let text = "web: {port: 1}\nstate: /file"
        let environment = ["GUARDIAN_WEB_PORT": "2", "GUARDIAN_STATE": "/environment"]
        let root = try root(text, settings: ["web.port": "3"], environment: environment)
        #expect(try root.section("web").integer("port", in: 1...9) == 3)
        #expect(try root.string("state") == "/environment")
    }

    @Test("a secret in a readable file or on the command line is refused, one from the environment is not")
    func secrets() throws {
        let error = try failure { _ = try root("source: rtsp://u:hunter2@h/", othersMayRead: true).secret("source") }
        #expect(error.code == .permissionDenied)
        #expect(!error.message.contains("hunter2"))
        let override = try root("{}", othersMayRead: true, environment: ["GUARDIAN_SOURCE": "rtsp://u:hunter2@h/"])
        #expect(try override.secret("source")?.reveal() == "rtsp://u:hunter2@h/")
        let typed = try failure {
            _ = try root("{}", settings: ["source": "rtsp://u:hunter2@h/"]).secret("source")
        }
        #expect(typed.code == .permissionDenied && !typed.message.contains("hunter2"))
    }

    @Test(
        "text that is no YAML is refused with its line, and nothing of its content is in the error",
        arguments: [
            ("a: 1\nb: \"hunter2\n", "edge.yaml is not valid YAML: line "),
            ("a: 1\nb:\n\tsource: rtsp://u:hunter2@h/\n", "line 3"),
            ("a: 1\nsource: rtsp://u:hunter2@h/: x\n", "line 2"),
            ("source: rtsp://u:hunter2@h/\nsource: rtsp://u:hunter2@h/\n", "line 1: a key is there twice"),
            ("a: 1\nsource: *hunter2\n", "line 2"),
            ("a: 1\nsource: hunter2\u{7}\n", "line 2"),
            ("{rtsp://u:hunter2@h/: 1}", "a key is unknown here"),
        ])
    func noYAML(_ text: String, _ part: String) throws {
        let error = try failure { try root(text).finish() }
        #expect(error.message.hasPrefix("edge.yaml"))
        #expect(error.message.contains(part), "\(error.message)")
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!"\(error) \(dumped)".contains("hunter2"))
    }
}
