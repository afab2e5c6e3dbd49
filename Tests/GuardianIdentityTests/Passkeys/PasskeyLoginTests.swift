import Foundation
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Logging in with a passkey")
struct PasskeyLoginTests {
    @Test("begins a session without a name, a password or a code")
    func login() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        let link = try await ada.kit.identity.secondFactors.begin(password: ada.password, by: ada.caller).reveal()
        let row = try #require(try await ada.kit.stored("SELECT secret FROM second_factors").first)
        let code = TimeCode(key: Array(row["secret"] as Data))
        #expect(link == code.link(issuer: "Guardian", account: "Ada"))
        _ = try await ada.kit.identity.secondFactors.confirm(
            Secret(code.code(step: TimeCode.step(at: ada.kit.clock.now()))), by: ada.caller)

        let challenge = ada.kit.identity.passkeyLogin.begin(at: PasskeyKit.server)
        #expect(challenge.person == nil && challenge.existing.isEmpty)
        let session = try await ada.logIn(try ada.assertion(challenge: challenge.challenge))
        let principal = try #require(try await ada.kit.principal(session))
        #expect(principal.account == ada.account && principal.credential == .session(session.session.id))
        let entry = try #require(try await ada.kit.entries().first)
        #expect(entry.action == "login" && entry.details["by"] == "passkey" && entry.details["passkey"] == "Phone")
        let used = try await ada.passkeys.list(of: ada.account, by: ada.caller).first
        #expect(used?.lastUsedAt == ada.kit.clock.now())
    }

    @Test("ends the session that the browser had")
    func replaced() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        let old = try await ada.kit.logIn("Ada")
        _ = try await ada.logIn(try ada.assertion(), replaced: old.secret)
        #expect(try await ada.kit.principal(old) == nil)
    }

    @Test("takes a challenge once, within five minutes, and none of another server")
    func challenges() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        let assertion = try ada.assertion()
        _ = try await ada.logIn(assertion)
        #expect(await refusal { _ = try await ada.logIn(assertion) } == .unauthenticated)
        let late = try ada.assertion()
        ada.kit.monotonic.advance(by: .seconds(299))
        _ = try await ada.logIn(try ada.assertion(challenge: ada.challenge()))
        ada.kit.monotonic.advance(by: .seconds(1))
        #expect(await refusal { _ = try await ada.logIn(late) } == .unauthenticated)
        let restarted = try await ada.kit.reopened()
        let theirs = restarted.passkeyLogin.begin(at: PasskeyKit.server).challenge
        #expect(await refusal { _ = try await ada.logIn(try ada.assertion(challenge: theirs)) } == .unauthenticated)
        // One for a registration logs nobody in.
        let other = try await ada.begin().challenge
        #expect(await refusal { _ = try await ada.logIn(try ada.assertion(challenge: other)) } == .unauthenticated)
    }

    @Test("lets one of many through who send the same")
    func race() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        let assertion = try ada.assertion()
        let logins = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 { group.addTask { (try? await ada.logIn(assertion)) != nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(logins == 1)
    }

    @Test("refuses another page, another name, another person and another key with one answer")
    func wrong() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        let changes: [@Sendable (inout SoftwareAuthenticator) -> Void] = [
            { $0.page.origin = "https://localhost:8443" }, { $0.page.origin = "http://localhost" },
            { $0.page.type = "webauthn.create" }, { $0.page.isFramed = true }, { $0.host = "guardian.local" },
            { $0.flags = 1 }, { $0.flags = 4 }, { $0 = SoftwareAuthenticator() },
        ]
        var wrong: [() throws -> PasskeyAssertion] = changes.map { change in
            {
                var authenticator = ada.authenticator
                change(&authenticator)
                return try ada.assertion(authenticator)
            }
        }
        let edits: [(inout PasskeyAssertion) -> Void] = [
            { $0.handle.reverse() }, { $0.signature[$0.signature.count - 1] ^= 1 }, { $0.authenticatorData[36] ^= 1 },
            { $0.authenticatorData.append(0) }, { $0.clientData.append(0x20) },
        ]
        wrong += edits.map { edit in
            {
                var assertion = try ada.assertion()
                edit(&assertion)
                return assertion
            }
        }
        wrong.append {
            var assertion = try ada.assertion(SoftwareAuthenticator())
            assertion.credential = ada.authenticator.credential
            return assertion
        }

        var messages: Set<String> = []
        for make in wrong {
            let assertion = try make()
            let error = await #expect(throws: GuardianError.self) { _ = try await ada.logIn(assertion) }
            #expect(error?.code == .unauthenticated)
            messages.insert(error?.message ?? "")
            ada.kit.monotonic.advance(by: .seconds(31))
        }
        #expect(messages.count == 1)
        _ = try await ada.logIn(try ada.assertion())
    }

    @Test("is for the name at which the passkey was made")
    func otherName() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        var elsewhere = ada.authenticator
        elsewhere.host = "guardian.local"
        elsewhere.page.origin = "https://guardian.local:8480"
        let server = RelyingParty(host: "guardian.local", port: 8480)
        let assertion = try ada.assertion(elsewhere)
        #expect(await refusal { _ = try await ada.logIn(assertion, at: server) } == .unauthenticated)
    }

    @Test("refuses a counter that does not go up, and the audit log tells of a copy")
    func counter() async throws {
        var ada = try await PasskeyKit()
        ada.authenticator.counter = 7
        try await ada.add()
        for (counter, isRight) in [(UInt32(8), true), (8, false), (7, false), (0, false), (9, true), (.max, true)] {
            ada.authenticator.counter = counter
            let assertion = try ada.assertion()
            let (kit, refused) = (ada, isRight ? nil : GuardianError.Code.unauthenticated)
            #expect(await refusal { _ = try await kit.logIn(assertion) } == refused, "\(counter)")
        }
        #expect(try await ada.kit.actions().filter { $0 == "passkey_copied" }.count == 3)
    }

    @Test("takes an authenticator that does not count again and again")
    func withoutCounter() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        for _ in 0..<3 { _ = try await ada.logIn(try ada.assertion()) }
        #expect(try await ada.kit.stored("SELECT counter FROM passkeys").first?["counter"] == 0)
    }

    @Test("ends with the passkey, and while the account is disabled")
    func taken() async throws {
        let ada = try await PasskeyKit()
        let passkey = try await ada.add()
        try await ada.kit.add("Bea", .owner)
        let accounts = ada.kit.identity.accounts
        try await accounts.change(ada.account, AccountChange(isDisabled: true), by: .localRoot)
        #expect(await refusal { _ = try await ada.logIn(try ada.assertion()) } == .unauthenticated)
        try await accounts.change(ada.account, AccountChange(isDisabled: false), by: .localRoot)
        _ = try await ada.logIn(try ada.assertion())
        try await ada.passkeys.remove(passkey.id, by: .localRoot)
        #expect(await refusal { _ = try await ada.logIn(try ada.assertion()) } == .unauthenticated)
    }

    @Test("is throttled like a password: strangers wait, and the owner gets in from home")
    func throttled() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        var codes: [GuardianError.Code?] = []
        for _ in 0..<8 {
            let unknown = try ada.assertion(SoftwareAuthenticator())
            codes.append(await refusal { _ = try await ada.logIn(unknown, from: IdentityKit.away) })
        }
        #expect(codes.contains(.resourceExhausted) && codes.first == .unauthenticated)
        var changed = try ada.assertion()
        changed.signature[changed.signature.count - 1] ^= 1
        let wrong = changed
        for _ in 0..<8 { _ = await refusal { _ = try await ada.logIn(wrong, from: IdentityKit.away) } }
        _ = try await ada.logIn(try ada.assertion())
        #expect(try await ada.kit.actions().contains("login_throttled"))
    }
}
