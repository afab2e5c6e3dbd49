import GuardianCore
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "are of the kind that the registries give them",
        arguments: [
            ("192.168.1.20", .private), ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private),
            ("172.32.0.1", .public), ("100.64.0.1", .private), ("100.128.0.1", .public), ("8.8.8.8", .public),
            ("127.0.0.1", .loopback), ("127.255.0.9", .loopback), ("0.0.0.0", .reserved), ("0.1.2.3", .reserved),
            ("169.254.7.7", .linkLocal), ("169.254.169.254", .metadata), ("100.100.100.200", .metadata),
            ("168.63.129.16", .metadata), ("224.0.0.1", .multicast), ("239.255.255.250", .multicast),
            ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("::1", .loopback), ("::", .reserved),
            ("fe80::1%eth0", .linkLocal), ("febf::1", .linkLocal), ("fec0::1", .reserved), ("fd00::20", .private),
            ("fc00::1", .private), ("ff02::c", .multicast), ("2001:db8::1", .public), ("2606:4700::1", .public),
            ("fd00:ec2::254", .metadata), ("::ffff:127.0.0.1", .loopback), ("::ffff:169.254.169.254", .metadata),
            ("::ffff:192.168.1.1", .private), ("::127.0.0.1", .reserved), ("64:ff9b::7f00:1", .reserved),
            ("2002:7f00:1::1", .reserved), ("2001:0:1::1", .reserved),
        ] as [(String, AddressKind)])
    func kinds(_ text: String, _ kind: AddressKind) throws {
        #expect(try #require(IPAddress(ofHost: text)).kind == kind)
    }

    @Test(
        "are numeric in the usual notation only",
        arguments: ["127.1", "2130706433", "0x7f.0.0.1", "1.2.3", "", "a.b", "1.2.3.4.5"])
    func notNumeric(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test("in IPv6's notation are of the kind of the IPv4 address that they lead to, however they were read")
    func mapped() throws {
        let address = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(address.bytes.count == 16 && address.kind == .loopback)
        #expect(address.unmapped == IPAddress("127.0.0.1"))
        #expect(IPAddress(ofHost: "::ffff:127.0.0.1") == IPAddress("127.0.0.1"))
        #expect(IPAddress("2001:db8::1")?.unmapped == IPAddress("2001:db8::1"))
    }

    @Test(
        "that connections understand are read in every form",
        arguments: [
            ("127.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"), ("0", "0.0.0.0"), ("192.168.1.20", "192.168.1.20"),
            ("fe80::1%eth0", "fe80::1"),
        ])
    func everyForm(_ text: String, _ address: String) {
        #expect(IPAddress(ofHostInAnyForm: text)?.description == address)
    }

    @Test("are not read out of names", arguments: ["localhost", "127.0.0.1.example", "127.0.0.1 x", "", "a"])
    func names(_ text: String) { #expect(IPAddress(ofHostInAnyForm: text) == nil) }

    @Test("stand in URIs as RFC 3986 has them")
    func uris() {
        #expect(IPAddress("fd00::20")?.uriHost == "[fd00::20]")
        #expect(IPAddress("10.0.0.1")?.uriHost == "10.0.0.1")
    }

    @Test("an address is in the networks that it is in")
    func networks() throws {
        let table = [
            ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
            ("100.64.0.0/10", "100.127.0.1", true), ("100.64.0.0/10", "100.128.0.1", false), ("::1/128", "::1", true),
            ("::1/128", "::2", false), ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::1", false),
            ("0.0.0.0/0", "::1", false), ("0.0.0.0/0", "8.8.8.8", true),
        ]
        for (network, address, isIn) in table {
            let network = try #require(IPNetwork(network))
            #expect(network.contains(try #require(IPAddress(address))) == isIn, "\(network) \(address)")
        }
        #expect(IPNetwork("10.0.0.0/33") == nil)
        #expect(IPNetwork("10.0.0.0") == nil)
        #expect(IPAddress("fe80::1%lo") == nil)
        #expect(IPAddress("::1\u{0}x") == nil)
        #expect(IPAddress("2001:db8::a")?.description == "2001:db8::a")
        #expect(IPNetwork.own.count == 9)
    }

    @Test("an address is a network of its own")
    func single() throws {
        let network = IPNetwork(try #require(IPAddress("10.0.0.1")))
        #expect(network.contains(try #require(IPAddress("10.0.0.1"))))
        #expect(!network.contains(try #require(IPAddress("10.0.0.2"))))
    }
}
