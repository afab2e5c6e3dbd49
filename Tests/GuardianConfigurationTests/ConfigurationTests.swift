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
        #expect(error.message == "edge.yaml:3: “web.prot” is unknown here. Known: port.")
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

    @Test("a secret in a file that others may read is refused, one from the environment is not")
    func secrets() throws {
        let error = try failure { _ = try root("source: rtsp://u:hunter2@h/", othersMayRead: true).secret("source") }
        #expect(error.code == .permissionDenied)
        #expect(!error.message.contains("hunter2"))
        let override = try root("{}", othersMayRead: true, environment: ["GUARDIAN_SOURCE": "rtsp://u:hunter2@h/"])
        #expect(try override.secret("source")?.reveal() == "rtsp://u:hunter2@h/")
    }

    @Test("text that is no YAML is refused with its line, without its content")
    func noYAML() throws {
        let error = try failure { _ = try root("a: 1\nb: \"hunter2\n") }
        #expect(error.message.contains("edge.yaml"))
        #expect(error.message.contains("line"))
        #expect(!error.description.isEmpty)
        #expect(!error.message.contains("hunter2"))
    }
}
