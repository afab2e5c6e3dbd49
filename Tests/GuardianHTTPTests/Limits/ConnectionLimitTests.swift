import Foundation
import GuardianCore
import GuardianIdentity
import GuardianOperations
import GuardianTestKit
import Testing

import GuardianHTTP

@Suite("Limits of connections")
struct ConnectionLimitTests {
    private let clock = TestClock()
    private let metrics = MetricsRegistry()
    private let log = LogBook()

    private func limits(_ change: (inout ConnectionAllowance) -> Void = { _ in }) -> ConnectionLimits {
        var allowance = ConnectionAllowance()
        change(&allowance)
        return ConnectionLimits(allowance, clock: clock, metrics: metrics)
    }

    /// How many connections of an address are let in before one is refused.
    private func count(_ limits: ConnectionLimits, _ address: String) -> Int {
        var count = 0
        while count < 1_000, limits.admits(ClientAddress(address), log.logger) { count += 1 }
        return count
    }

    @Test("one address, or one IPv6 /64, cannot take them all")
    func onePlace() {
        let limits = limits()
        #expect(count(limits, "192.168.1.20") == 64)
        #expect(count(limits, "2001:db8:1:2::1") == 64)
        #expect(count(limits, "2001:db8:1:2:ffff::2") == 0)
        #expect(count(limits, "::ffff:192.168.1.20") == 0, "the same address at a socket of both families")
        #expect(count(limits, "2001:db8:1:3::1") == 64)
    }

    @Test("some are kept for others when many addresses take all the rest")
    func reserve() {
        let limits = limits()
        var total = 0
        for number in 0..<7 { total += count(limits, "203.0.113.\(number)") }
        #expect(total == 448)
        #expect(count(limits, "192.168.1.20") == 4)
        #expect(count(limits, "203.0.113.0") == 0)
        for number in 0..<15 { total += count(limits, "198.51.100.\(number)") }
        #expect(total + 4 == 512)
        #expect(count(limits, "192.168.1.21") == 0)
        limits.connectionEnded(ClientAddress("203.0.113.0"))
        #expect(count(limits, "192.168.1.21") == 1)
    }

    @Test("this machine itself has all but those that are kept for others")
    func loopback() {
        let limits = limits()
        #expect(count(limits, "127.0.0.1") == 448)
        #expect(count(limits, "192.168.1.20") == 4)
    }

    @Test("ended ones are free again, and what is counted is shown")
    func ended() {
        let limits = limits { $0.ofOnePlace = 2 }
        #expect(count(limits, "192.168.1.20") == 2)
        #expect(metrics.exposition().contains("guardian_http_connections 2\n"))
        limits.connectionEnded(ClientAddress("192.168.1.20"))
        #expect(count(limits, "192.168.1.20") == 1)
        #expect(metrics.exposition().contains("guardian_http_connections_refused_total 2\n"))
        for _ in 0..<2 { limits.connectionEnded(ClientAddress("192.168.1.20")) }
        limits.connectionEnded(ClientAddress("192.168.1.20"))
        #expect(metrics.exposition().contains("guardian_http_connections 0\n"))
    }

    @Test("a flood is one line a minute in the log, which says how many were refused")
    func logged() {
        func lines() -> Int { log.text.components(separatedBy: "connections refused").count - 1 }
        let limits = limits { $0.ofOnePlace = 0 }
        for _ in 0..<50 { #expect(!limits.admits(ClientAddress("192.168.1.20"), log.logger)) }
        #expect(lines() == 1 && log.text.contains("192.168.1.20"))
        clock.advance(by: .seconds(60))
        #expect(!limits.admits(ClientAddress("192.168.1.20"), log.logger))
        #expect(lines() == 2 && log.text.contains("50"))
    }
}
