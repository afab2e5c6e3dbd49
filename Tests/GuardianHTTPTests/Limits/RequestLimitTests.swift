import Foundation
import GuardianCore
import GuardianIdentity
import GuardianOperations
import GuardianTestKit
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

import GuardianHTTP

@Suite("Limits of requests")
struct RequestLimitTests {
    private let clock = TestClock()

    private func limits(_ limit: Int = 100) -> RequestLimits {
        RequestLimits(
            allowance: { kind in
                switch kind {
                case .reading: RequestAllowance(atOnce: 4, perSecond: 2)
                case .changing, .fetching: RequestAllowance(atOnce: 2, perSecond: 1)
                case .expensive: RequestAllowance(atOnce: 1, perSecond: 0.1)
                }
            }, clock: clock, limit: limit)
    }

    private func somebody(_ address: String = "192.168.1.20") throws -> Caller {
        let session = SessionID(UUID())
        let principal = Principal(
            credential: .session(session), account: AccountID(UUID()), name: "Ada", role: .owner, cameras: .all)
        return Caller(principal, from: RequestOrigin(address: address))
    }

    private func nobody(_ address: String) -> Caller { Caller(.nobody, from: RequestOrigin(address: address)) }

    /// How many requests of a kind are let through before one is refused.
    private func count(_ limits: RequestLimits, _ kind: RequestKind, _ caller: Caller) -> Int {
        var count = 0
        while count < 100, (try? limits.admit(kind, by: caller)) != nil { count += 1 }
        return count
    }

    @Test("let some through at once, and then so many a second, of each kind")
    func buckets() throws {
        let (limits, ada) = (limits(), try somebody())
        #expect(count(limits, .reading, ada) == 4)
        #expect(count(limits, .expensive, ada) == 1)
        let error = #expect(throws: GuardianError.self) { try limits.admit(.expensive, by: ada) }
        #expect(error?.code == .resourceExhausted && error?.context["retryAfter"] == "10")
        clock.advance(by: .seconds(1))
        #expect(count(limits, .reading, ada) == 2)
        #expect(count(limits, .expensive, ada) == 0)
        clock.advance(by: .seconds(3_600))
        #expect(count(limits, .reading, ada) == 4)
    }

    @Test("count each session and token by itself, and strangers by their place")
    func senders() throws {
        let limits = limits()
        #expect(count(limits, .changing, try somebody()) == 2)
        #expect(count(limits, .changing, try somebody()) == 2, "another session at the same address")
        #expect(count(limits, .changing, nobody("2001:db8:1:2::1")) == 2)
        #expect(count(limits, .changing, nobody("2001:db8:1:2:ffff::2")) == 0, "the same /64")
        #expect(count(limits, .changing, nobody("2001:db8:1:3::1")) == 2)
        for _ in 0..<2 { try limits.refuse(.changing, from: ClientAddress("203.0.113.9")) }
        #expect(count(limits, .changing, nobody("203.0.113.9")) == 0)
    }

    @Test("do not hold up command lines of this machine")
    func local() { #expect(count(limits(), .expensive, .localRoot) == 100) }

    @Test("need bounded memory, and do not forget who asks too much while others come and go")
    func memory() throws {
        let (limits, ada) = (limits(8), try somebody())
        #expect(count(limits, .expensive, ada) == 1)
        for number in 0..<200 {
            clock.advance(by: .milliseconds(20))
            try limits.admit(.reading, by: nobody("198.51.100.\(number)"))
            #expect(limits.bucketCount <= 8)
        }
        #expect(count(limits, .expensive, ada) == 0)
    }

    @Test("are generous enough for pages with sixteen cameras in three windows")
    func pages() throws {
        let (limits, ada) = (RequestLimits(clock: clock), try somebody())
        for _ in 0..<3 * 150 { try limits.admit(.reading, by: ada) }
        for _ in 0..<60 {
            for _ in 0..<3 * 17 { try limits.admit(.reading, by: ada) }
            clock.advance(by: .seconds(1))
        }
    }

    @Test("are answered with 429, when to try again, and a sentence")
    func answer() async throws {
        let owner = try somebody().principal
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let isIn = Mutex(true)
        let gate = Gate(resolve: { _, _ in isIn.withLock { $0 } ? owner : nil }, end: { _ in })
        let server = try WebServer(
            address: ListenAddress(host: "127.0.0.1", port: 0), gate: gate, metrics: MetricsRegistry(), logger: logger,
            limits: limits()
        ) { routes in
            routes.get("/read", needs: .may(.readEvents)) { _ in try JSON.response(["a": 1]) }
            routes.post("/test", needs: .may(.manageCameras), kind: .expensive) { _ in try JSON.response(["a": 1]) }
        }
        try await server.application.test(.router) { client in
            #expect(try await client.execute(uri: "/test", method: .post).status == .ok)
            let refused = try await client.execute(uri: "/test", method: .post)
            #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "10")
            #expect(refused.headers[.contentType] == "application/problem+json")
            #expect(String(buffer: refused.body).contains("try again in 10 s"))
            #expect(try await client.execute(uri: "/read", method: .get).status == .ok)
            // Who is not let in is refused for that first, and then for asking too often.
            isIn.withLock { $0 = false }
            for _ in 0..<4 { #expect(try await client.execute(uri: "/read", method: .get).status == .unauthorized) }
            #expect(try await client.execute(uri: "/read", method: .get).status == .tooManyRequests)
        }
    }
}
