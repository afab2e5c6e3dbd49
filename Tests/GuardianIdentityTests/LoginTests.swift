import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Logging in")
struct LoginTests {
    private func logIn(
        _ kit: IdentityKit, _ name: String, _ password: String, from origin: RequestOrigin = IdentityKit.home
    ) async -> GuardianError? {
        do {
            _ = try await kit.identity.login.logIn(LoginRequest(name: name, password: Secret(password)), from: origin)
            return nil
        } catch { return error as? GuardianError }
    }

    @Test("gives the same answer for an unknown name, a wrong password, a disabled account and no name at all")
    func sameAnswer() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let bob = try await kit.add("Bob", .member)
        try await kit.identity.accounts.change(bob.id, AccountChange(isDisabled: true), by: .localRoot)
        let attempts = [
            ("Nobody", "the password of Nobody"), ("Ada", "wrong"), ("Ada", ""), ("Bob", "the password of Bob"),
            ("", "the password of "), ("a\u{0}", "x"), (String(repeating: "n", count: 9_000), "the password"),
            ("Ada", String(repeating: "p", count: 1 << 20)),
        ]
        var answers: Set<String> = []
        for (number, (name, password)) in attempts.enumerated() {
            let error = await logIn(kit, name, password, from: RequestOrigin(address: "203.0.113.\(number)"))
            #expect(error?.code == .unauthenticated)
            answers.insert("\(error?.message ?? "") \(error?.context ?? [:])")
        }
        #expect(answers.count == 1)
        #expect(await logIn(kit, "aDA", "the password of Ada") == nil)
    }

    @Test("is throttled for strangers, by name and place, and says how long to wait; unknown names are no different")
    func throttled() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        for name in ["Ada", "Nobody"] {
            var codes: [GuardianError.Code?] = []
            for number in 0..<8 {
                let origin = RequestOrigin(address: "203.0.113.\(number)")
                codes.append(await logIn(kit, name, "guess \(number)", from: origin)?.code)
            }
            #expect(codes == Array(repeating: .unauthenticated, count: 6) + [.resourceExhausted, .resourceExhausted])
        }
        let right = await logIn(kit, "Ada", "the password of Ada", from: IdentityKit.away)
        #expect(
            right?.code == .resourceExhausted && right?.context["retryAfter"] == "1", "a right password, too, waits")
        kit.monotonic.advance(by: .seconds(1))
        #expect(await logIn(kit, "Ada", "the password of Ada", from: IdentityKit.away) == nil)
    }

    @Test("does not lock the owner out of a place from which they logged in before, also after a restart")
    func notLockedOut() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        #expect(await logIn(kit, "Ada", "the password of Ada") == nil)
        let again = try await kit.reopened()
        for identity in [kit.identity, again] {
            for number in 0..<40 {
                _ = await refusal {
                    _ = try await identity.login.logIn(
                        LoginRequest(name: "Ada", password: Secret("guess")),
                        from: RequestOrigin(address: "203.0.113.\(number)"))
                }
                // Strangers in the same house, with names of their own, cannot do it either.
                _ = await refusal {
                    _ = try await identity.login.logIn(
                        LoginRequest(name: "guess \(number)", password: Secret("guess")), from: IdentityKit.home)
                }
            }
            let request = LoginRequest(name: "Ada", password: IdentityKit.password(of: "Ada"))
            _ = try await identity.login.logIn(request, from: IdentityKit.home)
            #expect(
                await refusal { _ = try await identity.login.logIn(request, from: IdentityKit.away) }
                    == .resourceExhausted)
        }
    }

    @Test("forgets a place after half a year")
    func oldPlace() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        #expect(await logIn(kit, "Ada", "the password of Ada") == nil)
        kit.pass(.seconds(181 * 86_400))
        for number in 0..<6 {
            _ = await logIn(kit, "Ada", "guess", from: RequestOrigin(address: "203.0.113.\(number)"))
        }
        #expect(await logIn(kit, "Ada", "the password of Ada")?.code == .resourceExhausted)
        try await kit.identity.upkeep()
        #expect(try await kit.stored("SELECT * FROM known_places").isEmpty)
    }

    @Test("hashes the password anew when its cost has changed, and only then")
    func rehash() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let before = try await kit.stored("SELECT password FROM accounts").map { $0["password"] as String }
        _ = try await kit.logIn("Ada")
        #expect(try await kit.stored("SELECT password FROM accounts").map { $0["password"] as String } == before)
        let dearer = try await kit.reopened(cost: PasswordCost(passes: 2, memory: 16))
        let request = LoginRequest(name: "Ada", password: IdentityKit.password(of: "Ada"))
        _ = try await dearer.login.logIn(request, from: IdentityKit.home)
        let after = try await kit.stored("SELECT password FROM accounts").map { $0["password"] as String }
        #expect(after.first?.hasPrefix("$argon2id$v=19$m=16,t=2,p=1$") == true)
        // Several at once: one hashes anew, and nobody is told that a right password is wrong.
        let codes = await withTaskGroup(of: GuardianError.Code?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    await refusal { _ = try await kit.identity.login.logIn(request, from: IdentityKit.home) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.contains(nil) && codes.allSatisfy { $0 == nil || $0 == .aborted })
    }

    @Test("writes no password, name or secret of a stranger into the log, and no secret into the file")
    func secrets() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        _ = await logIn(kit, "hunter2hunter2", "swordfish!", from: IdentityKit.away)
        _ = await logIn(kit, "Ada", "swordfish!", from: IdentityKit.away)
        let session = try await kit.logIn("Ada")
        let entries = try await kit.identity.audit.page(limit: 200, by: .localRoot)
        let text = entries.map { String(decoding: $0.payload, as: UTF8.self) }.joined()
        for secret in ["swordfish", "hunter2", session.secret.reveal(), "the password of"] {
            #expect(!text.contains(secret))
        }
        let failed = try await kit.entries().filter { $0.action == "login_failed" }
        #expect(failed.map(\.subject) == [ada.id.description, nil])
        #expect(failed.allSatisfy { $0.by == "stranger" && $0.address == "203.0.113.9" && $0.agent == "curl" })
        let rows = try await kit.stored("SELECT hex(secret) AS secret FROM sessions")
        #expect(rows.count == 1 && !"\(rows)".contains(session.secret.reveal()))
        #expect(!"\(session)".contains(session.secret.reveal()))
    }

    @Test("ends the session that the browser had")
    func replaced() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let first = try await kit.logIn("Ada")
        let second = try await kit.logIn("Ada", replaced: first.secret)
        #expect(first.secret != second.secret)
        #expect(try await kit.principal(first) == nil)
        #expect(try await kit.principal(second) != nil)
    }
}
