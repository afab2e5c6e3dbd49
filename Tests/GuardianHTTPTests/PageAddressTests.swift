import GuardianCore
import Testing

import GuardianHTTP

@Suite("The addresses that links name")
struct PageAddressTests {
    private let machine = Machine(
        name: "Recorder.home.example",
        addresses: [
            "127.0.0.1", "::1", "172.17.0.1", "192.168.1.20", "203.0.113.7", "169.254.3.4", "fe80::20", "fd00::20",
            "2001:db8::20",
        ])

    /// The hosts of the links, of a server on the port 8480.
    private func hosts(
        _ host: String, names: [String] = [], isOwn: Bool = false, machine: Machine? = nil, outward: String? = nil,
        isAnnounced: Bool = false
    ) throws -> [String] {
        let file = isOwn ? "/etc/guardian/web.pem" : nil
        let pages = PageAddresses(
            of: try ListenAddress(host: host, port: 8480),
            tls: try WebTLSConfiguration(names: names, certificate: file, key: file),
            machine: machine ?? self.machine, outward: outward.flatMap { IPAddress($0) }, isAnnounced: isAnnounced)
        return try pages.all.map { page in String(try #require(page.wholeMatch(of: /https:\/\/(.+):8480/)).output.1) }
    }

    @Test("every private IPv4 address, that of the way out first, then the name in .local where it is announced")
    func everyInterface() throws {
        #expect(try hosts("0.0.0.0") == ["172.17.0.1", "192.168.1.20"])
        #expect(
            try hosts("0.0.0.0", outward: "192.168.1.20", isAnnounced: true)
                == ["192.168.1.20", "172.17.0.1", "recorder.local"])
        #expect(try hosts("0.0.0.0", outward: "10.9.9.9") == ["172.17.0.1", "192.168.1.20"])
    }

    @Test("IPv6 addresses come after those of IPv4, in brackets, where the server listens on them")
    func version6() throws {
        #expect(
            try hosts("::", outward: "192.168.1.20", isAnnounced: true)
                == ["192.168.1.20", "172.17.0.1", "[fd00::20]", "recorder.local"])
    }

    @Test("a machine that has public addresses only is reached by them")
    func publicOnly() throws {
        let rented = Machine(name: "", addresses: ["127.0.0.1", "203.0.113.7", "fe80::20"])
        #expect(try hosts("0.0.0.0", machine: rented) == ["203.0.113.7"])
    }

    @Test("without an address the name is all there is")
    func nothing() throws {
        #expect(
            try hosts("0.0.0.0", machine: Machine(name: "recorder", addresses: ["127.0.0.1"])) == ["recorder.local"])
        #expect(try hosts("0.0.0.0", machine: Machine(name: "", addresses: [])) == ["localhost"])
    }

    @Test("a server of this machine alone is opened as localhost", arguments: ["127.0.0.1", "::1", "localhost"])
    func loopback(host: String) throws {
        #expect(try hosts(host, names: ["cam.example"], isAnnounced: true) == ["localhost"])
        #expect(try hosts(host, names: ["cam.example"], isOwn: true) == ["localhost"])
    }

    @Test("a server on one address has that one; one with a zone, which no URL can have, has the name")
    func oneInterface() throws {
        #expect(try hosts("192.168.1.20", isAnnounced: true) == ["192.168.1.20", "recorder.local"])
        #expect(try hosts("fd00::20") == ["[fd00::20]"])
        #expect(try hosts("fe80::20%eth0") == ["recorder.local"])
    }

    @Test("configured names come last, but first with an own certificate, and nothing comes twice")
    func configured() throws {
        let one = Machine(name: "recorder", addresses: ["192.168.1.20"])
        let names = ["cam.example", "recorder.local"]
        #expect(
            try hosts("0.0.0.0", names: names, machine: one, isAnnounced: true)
                == ["192.168.1.20", "recorder.local", "cam.example"])
        #expect(
            try hosts("0.0.0.0", names: names, isOwn: true, machine: one, isAnnounced: true)
                == ["cam.example", "recorder.local", "192.168.1.20"])
    }

    @Test("a machine with many networks prints some links, not dozens")
    func bound() throws {
        let many = Machine(name: "recorder", addresses: (1...40).map { "10.0.\($0).1" })
        let found = try hosts("0.0.0.0", machine: many, outward: "10.0.33.1", isAnnounced: true)
        #expect(found.count == PageAddresses.limit + 1)
        #expect(found.first == "10.0.33.1" && found.last == "recorder.local")
    }

    @Test("this machine has an address")
    func thisMachine() throws {
        let pages = PageAddresses(of: try ListenAddress(host: "0.0.0.0", port: 8480), tls: .standard)
        #expect(pages.first.hasPrefix("https://") && pages.first.hasSuffix(":8480"))
        #expect(Set(pages.all).count == pages.all.count)
    }
}
