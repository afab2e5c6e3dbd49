import GuardianClients
import GuardianCore
import Testing

@Suite("Looking up hosts")
struct HostResolverTests {
    @Test("this machine's name has its own addresses")
    func systemResolver() async {
        let addresses = await HostResolver.system.addresses(of: "localhost")
        #expect(!addresses.isEmpty && addresses.allSatisfy { $0.kind == .loopback })
    }

    @Test("a name has 16 addresses at most")
    func bounded() async {
        let many = HostResolver { _ in (0..<40).compactMap { IPAddress("10.0.0.\($0)") } }
        #expect(await many.addresses(of: "many").count == 16)
    }
}
