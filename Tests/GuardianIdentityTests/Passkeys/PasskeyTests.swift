import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Passkeys of an account")
struct PasskeyTests {
    @Test("are made after the password, listed, renamed and removed, and the audit log tells of it")
    func life() async throws {
        let ada = try await PasskeyKit()
        let wrong = await refusal {
            _ = try await ada.passkeys.begin(
                for: ada.account, password: Secret("wrong"), at: PasskeyKit.server, by: ada.caller)
        }
        #expect(wrong == .permissionDenied)
        let challenge = try await ada.begin()
        #expect(challenge.person?.handle == ada.handle && challenge.person?.name == "Ada")
        #expect(challenge.lifetime == .seconds(300) && challenge.existing.isEmpty && challenge.challenge.count >= 16)
        let passkey = try await ada.add(named: "  My   phone ")
        #expect(passkey.name == "My phone" && passkey.host == "localhost" && passkey.lastUsedAt == nil)
        #expect(try await ada.begin().existing == [ada.authenticator.credential])
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller) == [passkey])
        let renamed = try await ada.passkeys.rename(passkey.id, to: "Tablet", by: ada.caller)
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller) == [renamed])
        #expect(renamed.name == "Tablet")
        #expect(
            await refusal { _ = try await ada.passkeys.rename(passkey.id, to: " ", by: ada.caller) } == .invalidArgument
        )
        for wrong in [nil, Secret("wrong")] {
            let removed = await refusal {
                try await ada.passkeys.remove(passkey.id, password: wrong, by: ada.caller)
            }
            #expect(removed == .permissionDenied)
        }
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller) == [renamed])
        try await ada.passkeys.remove(passkey.id, password: ada.password, by: ada.caller)
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller).isEmpty)
        let again = await refusal {
            try await ada.passkeys.remove(passkey.id, password: ada.password, by: ada.caller)
        }
        #expect(again == .notFound)
        let actions = try await ada.kit.actions().filter { $0.hasPrefix("passkey") }
        #expect(actions == ["passkey_removed", "passkey_renamed", "passkey_added"])
    }

    @Test("are ten at most, and each stands here once")
    func bounds() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        #expect(await refusal { _ = try await ada.add() } == .alreadyExists)
        let late = try await ada.begin().challenge
        for number in 2...10 { try await ada.add(SoftwareAuthenticator(), named: "Device \(number)") }
        #expect(await refusal { _ = try await ada.begin() } == .resourceExhausted)
        #expect(await refusal { _ = try await ada.add(SoftwareAuthenticator(), challenge: late) } == .resourceExhausted)
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller).count == 10)
    }

    @Test("need a challenge of the same session, which is good once and for five minutes")
    func challenges() async throws {
        let ada = try await PasskeyKit()
        let challenge = try await ada.begin().challenge
        try await ada.add(challenge: challenge)
        #expect(
            await refusal { _ = try await ada.add(SoftwareAuthenticator(), challenge: challenge) } == .invalidArgument)
        let old = try await ada.begin().challenge
        ada.kit.monotonic.advance(by: .seconds(300))
        #expect(await refusal { _ = try await ada.add(SoftwareAuthenticator(), challenge: old) } == .invalidArgument)
        // One for a login makes no passkey, nor one of another session.
        let login = ada.challenge()
        #expect(await refusal { _ = try await ada.add(SoftwareAuthenticator(), challenge: login) } == .invalidArgument)
        let other = try await ada.kit.caller("Ada")
        let theirs = try await ada.passkeys.begin(
            for: ada.account, password: ada.password, at: PasskeyKit.server, by: other
        ).challenge
        #expect(await refusal { _ = try await ada.add(SoftwareAuthenticator(), challenge: theirs) } == .invalidArgument)
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller).count == 1)
    }

    @Test("of another page, another name, another algorithm, or without the person are refused")
    func foreign() async throws {
        let ada = try await PasskeyKit()
        let changes: [@Sendable (inout SoftwareAuthenticator) -> Void] = [
            { $0.page.origin = "https://localhost:8443" }, { $0.page.origin = "http://localhost" },
            { $0.page.type = "webauthn.get" }, { $0.page.isFramed = true }, { $0.host = "guardian.local" },
            { $0.flags = 1 }, { $0.flags = 4 }, { $0.flags = 0x85 }, { $0.algorithm = -8 },
        ]
        for change in changes {
            var authenticator = SoftwareAuthenticator()
            change(&authenticator)
            let made = authenticator
            #expect(await refusal { _ = try await ada.add(made) } == .invalidArgument)
        }
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller).isEmpty)
    }

    @Test("are nobody else's business, but whoever manages people sees and removes them")
    func others() async throws {
        let ada = try await PasskeyKit()
        let passkey = try await ada.add()
        let owner = try await ada.kit.add("Bea", .owner)
        try await ada.kit.add("Max", .member)
        let (bea, max) = (try await ada.kit.caller("Bea"), try await ada.kit.caller("Max"))
        #expect(await refusal { _ = try await ada.passkeys.list(of: ada.account, by: max) } == .notFound)
        #expect(await refusal { try await ada.passkeys.remove(passkey.id, by: max) } == .notFound)
        #expect(await refusal { _ = try await ada.passkeys.rename(passkey.id, to: "x", by: bea) } == .notFound)
        let begun = await refusal {
            _ = try await ada.passkeys.begin(for: owner.id, password: nil, at: PasskeyKit.server, by: ada.caller)
        }
        #expect(begun == .notFound)
        #expect(try await ada.passkeys.list(of: ada.account, by: bea) == [passkey])
        try await ada.passkeys.remove(passkey.id, by: bea)
        #expect(try await ada.passkeys.list(of: ada.account, by: ada.caller).isEmpty)
    }

    @Test("are not made or removed by a token: a credential for a program must not become a session")
    func token() async throws {
        let ada = try await PasskeyKit()
        let token = try await ada.kit.identity.tokens.create(
            TokenRequest(name: "script", scope: [.ownAccount]), for: ada.account, password: ada.password,
            by: ada.caller)
        let principal = try #require(
            try await ada.kit.identity.access.principal(token: token.secret, from: IdentityKit.home))
        let program = Caller(principal, from: IdentityKit.home)
        let begun = await refusal {
            _ = try await ada.passkeys.begin(
                for: ada.account, password: ada.password, at: PasskeyKit.server, by: program)
        }
        #expect(begun == .permissionDenied)
        #expect(try await ada.passkeys.list(of: ada.account, by: program).isEmpty)
        let passkey = try await ada.add()
        let removed = await refusal {
            try await ada.passkeys.remove(passkey.id, password: ada.password, by: program)
        }
        #expect(removed == .permissionDenied)
        #expect(try await ada.passkeys.list(of: ada.account, by: program) == [passkey])
    }

    @Test("that are added or removed end the other sessions of the account, copies of one's own, and the login link")
    func otherSessions() async throws {
        let ada = try await PasskeyKit()
        let kit = ada.kit
        let other = try await kit.logIn("Ada", from: IdentityKit.away)
        let made = ada.authenticator.made(try await ada.begin().challenge)
        let link = try await kit.identity.links.make(for: ada.account, by: .localRoot)
        let (passkey, session) = try await ada.passkeys.add(
            NewPasskey(name: "Phone", clientData: made.clientData, attestation: made.attestation), for: ada.account,
            at: PasskeyKit.server, by: ada.caller)
        #expect(try await kit.principal(other) == nil)
        #expect(try await kit.principal(session)?.name == "Ada")
        #expect(ada.caller.principal.credential == .session(session.session.id))
        let late = await refusal {
            _ = try await kit.identity.links.redeem(link.secret, isRemembered: false, from: IdentityKit.away)
        }
        #expect(late == .unauthenticated)

        // With the passkey, which is then removed as one that was lost.
        let lost = try await ada.logIn(try ada.assertion())
        let renewed = try #require(
            try await ada.passkeys.remove(passkey.id, password: ada.password, by: ada.caller))
        #expect(try await kit.principal(lost) == nil)
        #expect(try await kit.principal(session) == nil, "a copy of the cookie is of no use")
        #expect(try await kit.principal(renewed)?.name == "Ada")
    }

    @Test("that somebody else removes end the sessions of their person")
    func removedByOthers() async throws {
        let ada = try await PasskeyKit()
        let passkey = try await ada.add()
        let session = try await ada.logIn(try ada.assertion())
        #expect(try await ada.passkeys.remove(passkey.id, by: .localRoot) == nil)
        #expect(try await ada.kit.principal(session) == nil)
    }

    @Test("go with their account")
    func removed() async throws {
        let ada = try await PasskeyKit()
        try await ada.add()
        try await ada.kit.add("Bea", .owner)
        try await ada.kit.identity.accounts.remove(ada.account, by: .localRoot)
        #expect(try await ada.kit.stored("SELECT id FROM passkeys").isEmpty)
        #expect(await refusal { _ = try await ada.logIn(try ada.assertion()) } == .unauthenticated)
    }
}
