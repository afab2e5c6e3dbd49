import GuardianCore
import Testing

import GuardianHTTP

@Suite("Proxies")
struct WebProxiesTests {
    @Test(
        "tell the address of their client, and not what that client made up",
        arguments: [
            ("192.168.1.9", ["198.51.100.1"], "192.168.1.9"), ("127.0.0.1", [], "127.0.0.1"),
            ("127.0.0.1", ["203.0.113.7"], "203.0.113.7"), ("::ffff:127.0.0.1", ["203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            ("127.0.0.1", ["203.0.113.7, 10.0.0.4"], "203.0.113.7"), ("127.0.0.1", ["10.0.0.4"], "10.0.0.4"),
            ("127.0.0.1", ["198.51.100.1, unknown"], "127.0.0.1"), ("127.0.0.1", ["198.51.100.1,"], "127.0.0.1"),
            ("127.0.0.1", ["2001:db8::1"], "2001:db8::1"), ("127.0.0.1", ["127.1"], "127.0.0.1"),
        ] as [(String, [String], String)])
    func client(connection: String, fields: [String], client: String) throws {
        let proxies = try WebProxies(["127.0.0.1", "10.0.0.0/24"])
        #expect(proxies.client(of: connection, forwardedFor: fields) == client)
    }

    @Test(
        "are addresses or networks, but not everybody",
        arguments: ["proxy.example", "", "0.0.0.0/0", "::/0", "10.0.0.0/33"])
    func refused(_ text: String) {
        let error = #expect(throws: GuardianError.self) { try WebProxies([text]) }
        #expect(error?.code == .invalidArgument)
    }

    @Test("are not many")
    func bounded() {
        #expect(throws: GuardianError.self) { try WebProxies(Array(repeating: "10.0.0.1", count: 17)) }
    }
}
