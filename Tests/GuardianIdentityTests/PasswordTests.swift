import Dispatch
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Synchronization
import Testing

@Suite("A password's hash")
struct PasswordHashTests {
    @Test("is verified as libsodium's own function wrote it")
    func vector() throws {
        let text =
            "$argon2id$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o"
        let hash = try #require(PasswordHash(text: text))
        #expect(hash.text == text)
        #expect(hash.cost == PasswordCost(passes: 2, memory: 64))
        #expect(try hash.matches(Secret("correct horse b\u{E4}ttery")))
        #expect(try hash.matches(Secret("correct horse ba\u{308}ttery")), "the same characters from another keyboard")
        #expect(try !hash.matches(Secret("correct horse battery")))
        #expect(try !hash.matches(Secret("")))
    }

    @Test("depends on the salt, and is read again as it was written")
    func salt() throws {
        let password = Secret("a password of ours")
        let first = try PasswordHash(of: password, cost: IdentityKit.cheap, salt: Array(repeating: 1, count: 16))
        let second = try PasswordHash(of: password, cost: IdentityKit.cheap, salt: Array(repeating: 2, count: 16))
        #expect(first != second)
        #expect(PasswordHash(text: first.text) == first)
        #expect(try first.matches(password) && second.matches(password))
    }

    @Test(
        "is refused in any other form",
        arguments: [
            "", "$", "$argon2id$v=19$m=64,t=2,p=1$$",
            "$argon2i$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=16$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=64,t=2,p=2$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=064,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=99999999,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=64,t=0,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCx$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw==$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o",
            "$argon2id$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o$",
        ])
    func forms(text: String) { #expect(PasswordHash(text: text) == nil) }

    @Test("of a damaged file is refused, or asks for no more than the limits")
    func hostile() throws {
        let genuine = Array(
            "$argon2id$v=19$m=64,t=2,p=1$SxgSCRumvOS/SXVgFhRMCw$UIdtE36x0bu63XN9TO0HMe20PAGcbREyXIw0fftyI6o".utf8)
        var input = HostileInput(seed: 3)
        for _ in 0..<HostileInput.count() {
            let text = String(decoding: input.changed(genuine), as: UTF8.self)
            guard let hash = PasswordHash(text: text) else { continue }
            #expect(hash.text == text && hash.cost.isWithinLimits)
        }
    }
}

@Suite("Rules of passwords")
struct PasswordRulesTests {
    @Test(
        "ask for 8 to 128 characters, and for no kinds of them",
        arguments: [
            ("sh0rt%7", false), ("8letters", true), (" tea, 2 ", true), ("ünïcödé!", true),
            (Self.long + "x", true), (Self.long + "xy", false), ("", false),
            ("no digits or signs", true),
        ])
    func lengths(password: String, isAllowed: Bool) {
        do {
            try PasswordRules.check(Secret(password))
            #expect(isAllowed)
        } catch {
            let error = error as? GuardianError
            #expect(!isAllowed && error?.code == .invalidArgument && error?.context["field"] == "password")
            #expect(password.isEmpty || error?.message.contains(password) == false)
        }
    }

    /// 127 characters.
    private static let long = String(repeating: "many words, ", count: 10) + "and one"

    @Test("refuse the commonest, in any case")
    func common() {
        #expect(CommonPasswords.all.count >= 200)
        #expect(
            CommonPasswords.all.allSatisfy { $0.count >= PasswordRules.lengths.lowerBound && $0 == $0.lowercased() })
        for password in ["password", "PASSWORD", "Passw0rd!", "1234567890", "Qwertyuiop", "admin123", "hikvision123"] {
            #expect(throws: GuardianError.self) { try PasswordRules.check(Secret(password)) }
        }
    }

    @Test("let nobody have megabytes hashed")
    func possible() {
        #expect(PasswordRules.isPossible(Secret("x")))
        #expect(!PasswordRules.isPossible(Secret("")))
        #expect(!PasswordRules.isPossible(Secret(String(repeating: "x", count: 1 << 20))))
        #expect(!PasswordRules.isPossible(Secret("a" + String(repeating: "\u{300}", count: 1 << 16))))
    }
}

@Suite("Measuring what a password costs")
struct CalibrationTests {
    /// Measures on a machine that takes so many milliseconds for one pass over a MiB.
    private func cost(_ milliseconds: Double, memory: Int = 1 << 30) throws -> PasswordCost {
        let clock = TestClock()
        return try PasswordCost.calibrated(clock: clock) { cost in
            guard cost.memory <= memory else { throw GuardianError(.resourceExhausted, "No memory.") }
            clock.advance(by: .milliseconds(1) * (milliseconds * Double(cost.passes * cost.memory) / 1024))
        }
    }

    @Test("takes the largest memory, and as many passes as a quarter of a second allows")
    func fast() throws {
        #expect(try cost(0.5) == PasswordCost(passes: 7, memory: 64 * 1024))
        #expect(try cost(1) == PasswordCost(passes: 3, memory: 64 * 1024))
        #expect(try cost(2) == PasswordCost(passes: 2, memory: 64 * 1024))
    }

    @Test("never asks for more than the bounds, on the fastest machine")
    func bounds() throws {
        #expect(try cost(0) == PasswordCost(passes: 12, memory: 64 * 1024))
        #expect(try cost(0.001) == PasswordCost(passes: 12, memory: 64 * 1024))
    }

    @Test("takes less memory on a slow machine, and never less than OWASP's floor")
    func slow() throws {
        #expect(try cost(3.5) == PasswordCost(passes: 2, memory: 48 * 1024))
        #expect(try cost(5) == PasswordCost(passes: 2, memory: 32 * 1024))
        #expect(try cost(1_000) == .floor)
        #expect(PasswordCost.floor == PasswordCost(passes: 2, memory: 19_456))
    }

    @Test("passes over memory that is not there")
    func memory() throws {
        #expect(try cost(1, memory: 40 * 1024) == PasswordCost(passes: 7, memory: 32 * 1024))
        let error = #expect(throws: GuardianError.self) { try cost(1, memory: 1024) }
        #expect(error?.code == .resourceExhausted)
    }

    @Test("happens once: the next start uses what was measured")
    func once() async throws {
        let kit = try await IdentityKit()
        #expect(try await kit.stored("SELECT * FROM password_cost").isEmpty, "a given cost is not stored")
        var measured: [[Int64]] = []
        for _ in 0..<2 {
            let identity = try await Identity.open(path: kit.folder.path("identity.sqlite"))
            try identity.close()
            measured += try await kit.stored("SELECT passes, memory, measured_at FROM password_cost").map {
                [$0["passes"], $0["memory"], $0["measured_at"]]
            }
        }
        #expect(measured.count == 2 && measured.first == measured.last)
        let cost = try #require(measured.first)
        #expect(cost[0] >= Int64(PasswordCost.floor.passes) && cost[1] >= Int64(PasswordCost.floor.memory))
        #expect(cost[1] <= 64 * 1024)
    }
}

@Suite("Work on passwords")
struct PasswordQueueTests {
    /// What the work did, as threads noted it.
    private final class Notes: Sendable {
        private struct State {
            var running = 0
            var most = 0
            var order: [String] = []
        }

        private let state = Mutex(State())

        var running: Int { state.withLock { $0.running } }
        var most: Int { state.withLock { $0.most } }
        var order: [String] { state.withLock { $0.order } }

        func begin() {
            state.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
        }

        func end() { state.withLock { $0.running -= 1 } }
        func note(_ text: String) { state.withLock { $0.order.append(text) } }
    }

    @Test("runs two at once and all in the end")
    func width() async throws {
        let queue = PasswordQueue(running: 2, waiting: 100)
        let notes = Notes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await queue.run(.unknown) {
                        notes.begin()
                        for _ in 0..<2_000 { _ = notes.running }
                        notes.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect((1...2).contains(notes.most))
        #expect(notes.running == 0 && queue.waitingCount == 0)
    }

    @Test("refuses what would wait too long, lets known places go first, and forgets who has gone")
    func order() async throws {
        let queue = PasswordQueue(running: 1, waiting: 2)
        let gate = DispatchSemaphore(value: 0)
        defer { gate.signal() }
        let notes = Notes()
        async let first: Void = queue.run(.unknown) {
            notes.begin()
            gate.wait()
        }
        try await eventually("the only place is taken") { notes.running == 1 }
        async let stranger: Void = queue.run(.unknown) { notes.note("stranger") }
        try await eventually("one waits") { queue.waitingCount == 1 }
        let gone = Task { try await queue.run(.unknown) { notes.note("gone") } }
        try await eventually("two wait") { queue.waitingCount == 2 }
        #expect(await refusal { try await queue.run(.unknown) {} } == .resourceExhausted)
        async let known: Void = queue.run(.known) { notes.note("known") }
        try await eventually("three wait") { queue.waitingCount == 3 }
        gone.cancel()
        await #expect(throws: CancellationError.self) { try await gone.value }
        gate.signal()
        _ = try await (first, stranger, known)
        #expect(notes.order == ["known", "stranger"])
    }
}
