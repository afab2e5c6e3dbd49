import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Throttling")
struct ThrottleTests {
    private let clock = TestClock()
    private let home = ClientAddress("192.168.1.20")
    private let away = ClientAddress("203.0.113.9")

    private func throttle(_ change: (inout Throttle.Limits) -> Void = { _ in }) -> Throttle {
        var limits = Throttle.Limits()
        change(&limits)
        return Throttle(limits: limits, clock: clock)
    }

    /// Seconds that an attempt has to wait; 0 when it was let through, and then it failed.
    private func fail(
        _ throttle: Throttle, _ name: String, _ place: ClientAddress, isKnown: Bool = false,
        in realm: AccountRealm = .home
    ) -> Int {
        do {
            let origin = RequestOrigin(address: place.text, realm: realm)
            _ = try throttle.admit(name: name, from: origin, isKnown: isKnown)
            return 0
        } catch { return Int((error as? GuardianError)?.context["retryAfter"] ?? "") ?? -1 }
    }

    @Test("lets five failures through, then doubles the wait up to a quarter of an hour")
    func doubling() {
        let throttle = throttle()
        for _ in 0..<6 { #expect(fail(throttle, "ada", away) == 0) }
        var waits: [Int] = []
        for _ in 0..<12 {
            let wait = fail(throttle, "ada", away)
            waits.append(wait)
            clock.advance(by: .seconds(wait))
            #expect(fail(throttle, "ada", away) == 0)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
    }

    @Test("counts a name from wherever it is tried, and a place for whatever names it tries")
    func sides() {
        let throttle = throttle()
        for number in 0..<6 { #expect(fail(throttle, "ada", ClientAddress("203.0.113.\(number)")) == 0) }
        #expect(fail(throttle, "ada", ClientAddress("203.0.113.77")) == 1)
        #expect(fail(throttle, "eve", ClientAddress("203.0.113.77")) == 0)
        for number in 0..<21 { #expect(fail(throttle, "name \(number)", away) == 0) }
        #expect(fail(throttle, "another", away) == 1)
    }

    @Test("counts a name in each realm apart, and a place in all of them together")
    func realms() throws {
        let throttle = throttle()
        let realms = try ["miller", "smith", "nowhere"].map { AccountRealm(try #require(TenantName($0))) }
        for realm in realms {
            for number in 0..<6 {
                #expect(fail(throttle, "ada", ClientAddress("203.0.113.\(number)"), in: realm) == 0)
            }
        }
        #expect(fail(throttle, "ada", ClientAddress("203.0.113.77"), in: realms[0]) == 1)
        #expect(fail(throttle, "ada", ClientAddress("203.0.113.77")) == 0)
        for number in 0..<21 { #expect(fail(throttle, "name \(number)", away, in: realms[number % 3]) == 0) }
        for realm in realms { #expect(fail(throttle, "another", away, in: realm) == 1) }
    }

    @Test("of a name by strangers does not reach the places from which it was logged in to before")
    func knownPlace() {
        let throttle = throttle()
        for _ in 0..<200 {
            _ = fail(throttle, "ada", away)
            _ = fail(throttle, "ada", home)
            clock.advance(by: .seconds(10))
        }
        _ = fail(throttle, "ada", away)
        #expect(fail(throttle, "ada", away) > 0)
        #expect(fail(throttle, "ada", home, isKnown: true) == 0)
        // There, too, guessing is slow, but nobody waits longer than half a minute.
        var waits: Set<Int> = []
        for _ in 0..<50 {
            let wait = fail(throttle, "ada", home, isKnown: true)
            waits.insert(wait)
            clock.advance(by: .seconds(wait))
        }
        #expect(waits == [0, 1, 2, 4, 8, 16, 30])
    }

    @Test("forgets the name's failures after a right one, but not those of the place")
    func success() throws {
        let throttle = throttle { $0.freeForPlace = 8 }
        for _ in 0..<5 { #expect(fail(throttle, "ada", home) == 0) }
        throttle.succeed(try throttle.admit(name: "ada", from: RequestOrigin(address: home.text), isKnown: false))
        for _ in 0..<4 { #expect(fail(throttle, "ada", home) == 0) }
        #expect(fail(throttle, "eve", home) == 1, "nine failures at the place")
    }

    @Test("does not count what was neither right nor wrong, nor what was refused")
    func abandoned() throws {
        let throttle = throttle()
        for _ in 0..<50 {
            throttle.abandon(try throttle.admit(name: "ada", from: RequestOrigin(address: home.text), isKnown: false))
        }
        #expect(throttle.entryCount == 0)
        for _ in 0..<6 { #expect(fail(throttle, "ada", home) == 0) }
        for _ in 0..<50 { #expect(fail(throttle, "ada", home) == 1) }
        clock.advance(by: .seconds(1))
        // A wait that an abandoned attempt began ends with it.
        throttle.abandon(try throttle.admit(name: "ada", from: RequestOrigin(address: home.text), isKnown: false))
        #expect(fail(throttle, "ada", home) == 0)
    }

    @Test("forgets failures after a day")
    func memory() {
        let throttle = throttle()
        for _ in 0..<6 { #expect(fail(throttle, "ada", home) == 0) }
        clock.advance(by: .seconds(86_401))
        for _ in 0..<6 { #expect(fail(throttle, "ada", home) == 0) }
        #expect(fail(throttle, "ada", home) == 1)
    }

    @Test("keeps a bounded table, from which made-up names do not push out one that is attacked")
    func bound() {
        let throttle = throttle {
            $0.entries = 100
            $0.freeForPlace = 1_000_000
        }
        for _ in 0..<8 {
            _ = fail(throttle, "ada", away)
            clock.advance(by: .seconds(2))
        }
        for number in 0..<2_000 { #expect(fail(throttle, "made up \(number)", away) == 0) }
        #expect(throttle.entryCount <= 100)
        for _ in 0..<4 { clock.advance(by: .seconds(2)) }
        #expect(fail(throttle, "ada", away) == 0)
        #expect(fail(throttle, "ada", away) > 4, "the failures before still count")
    }

    @Test("lets no more through when many try at once")
    func race() async {
        let throttle = throttle()
        let admitted = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<200 { group.addTask { fail(throttle, "ada", away) == 0 } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(admitted == 6)
    }
}
