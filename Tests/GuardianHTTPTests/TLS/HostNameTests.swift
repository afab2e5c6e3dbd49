import GuardianCore
import Testing

import GuardianHTTP

@Suite("Host names and addresses")
struct HostNameTests {
    private static let names = HostNames(
        machine: Machine(name: "Recorder", addresses: ["192.168.1.20"]),
        configured: [HostName("cam.example")].compactMap(\.self))

    @Test(
        "a server is addressed by its names and by any literal address, with any port",
        arguments: [
            "localhost", "LocalHost:8480", "localhost.", "localhost.:8480", "recorder", "recorder.local:1",
            "guardian.local",
            "CAM.example:65535", "127.0.0.1", "192.168.1.99:8480", "203.0.113.7", "[::1]", "[::1]:8480",
            "[fd00::1]", "[FD00::A]:8480", "[fe80::1]", "[::ffff:10.0.0.1]:80", "RECORDER.Local.",
            "Guardian.LOCAL.:8480",
            "recorder.", "CAM.EXAMPLE.",
        ])
    func allowed(host: String) { #expect(Self.names.contain(host)) }

    @Test(
        "no other name, and nothing that is read in two ways, addresses it",
        arguments: [
            "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "cam.example.evil",
            "xcam.example",
            "localhost..", ".localhost", "localhost:", "localhost:x", "localhost:+1", "localhost:65536",
            "localhost:80:80",
            "user@localhost", "localhost/", "localhost ", " localhost", "[::1", "::1", "[127.0.0.1]", "[localhost]",
            "[fe80::1%eth0]", "[fe80::1%25eth0]", "[fe80::1%25eth0]:8480", "[fe80::1%]", "[::1%lo]", "[fd00::1%25eth0]",
            "recorder%25eth0", "192.168.1.20%eth0", "192.168.1.20.", "[192.168.1.20]", "recorder.local..",
            "recorder.localx",
            "[::1]x", "127.1", "0177.0.0.1", "2130706433", "0x7f.0.0.1",
            "1.2.3.4.5",
            "127.0.0.1.", "lоcalhost", "local\u{0}host",
        ])
    func refused(host: String) { #expect(!Self.names.contain(host)) }

    @Test("this machine has its loopback address", .enabled(if: Machine.current().addresses.isEmpty == false))
    func thisMachine() {
        let machine = Machine.current()
        #expect(machine.addresses.contains { $0.description == "127.0.0.1" })
        #expect(machine.addresses.count <= Machine.limit)
    }

    @Test("a host name with a domain has its short name in .local")
    func longName() {
        let machine = Machine(name: "Recorder.Home.example", addresses: [])
        #expect(machine.names.map(\.text) == ["recorder.home.example", "recorder.local"])
        #expect(machine.localName?.text == "recorder.local")
        #expect(Machine(name: "localhost", addresses: []).names.isEmpty)
        #expect(Machine(name: "localhost", addresses: []).localName == nil)
        #expect(Machine(name: "not_a_name", addresses: []).names.isEmpty)
    }
}
