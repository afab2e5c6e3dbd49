import GuardianCore
import Testing

@Suite("Hosts at which no camera is")
struct LocalHostTests {
    @Test(
        "are this machine, links, and what only looks like an address elsewhere",
        arguments: [
            "localhost", "LOCALHOST.", "a.localhost", "127.1", "::1", "::ffff:127.0.0.1", "169.254.169.254",
            "fe80::1%eth0",
            "64:ff9b::c0a8:114", "2002:c0a8:114::1", "fd00:ec2::254", "255.255.255.255",
        ])
    func refused(_ host: String) { #expect(LocalHost.refusal(of: host) != nil) }

    @Test(
        "are not those of a network",
        arguments: ["192.168.1.20", "fd00::20", "8.8.8.8", "camera.local", "localhost.example"])
    func allowed(_ host: String) { #expect(LocalHost.refusal(of: host) == nil) }
}
