import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Sessions")
struct SessionTests {
    @Test(
        "end when they are not used: after a day, or after 30 for those who stay logged in", arguments: [false, true])
    func idle(isRemembered: Bool) async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let limit: Duration = isRemembered ? .seconds(30 * 86_400) : .seconds(86_400)
        let session = try await kit.logIn("Ada", isRemembered: isRemembered)
        for _ in 0..<2 {
            kit.pass(limit - .seconds(1))
            #expect(try await kit.principal(session) != nil, "used just in time")
        }
        kit.pass(limit)
        #expect(try await kit.principal(session) == nil)
        #expect(try await kit.identity.sessions.list(of: session.session.account, by: .localRoot).isEmpty)
    }

    @Test("end after 90 days however much they are used")
    func absolute() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let session = try await kit.logIn("Ada", isRemembered: true)
        for _ in 0..<89 {
            kit.pass(.seconds(86_400))
            #expect(try await kit.principal(session) != nil)
        }
        kit.pass(.seconds(86_400))
        #expect(try await kit.principal(session) == nil)
        try await kit.identity.upkeep()
        #expect(try await kit.stored("SELECT * FROM sessions").isEmpty)
    }

    @Test("say when and from where they were used last, written at most once a minute")
    func seen() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let session = try await kit.logIn("Ada")
        func seen() async throws -> Session? {
            try await kit.identity.sessions.list(of: ada.id, by: .localRoot).first
        }
        kit.pass(.seconds(59))
        _ = try await kit.principal(session, from: IdentityKit.away)
        #expect(try await seen()?.lastSeenAt == Sample.start)
        kit.pass(.seconds(1))
        _ = try await kit.principal(session, from: IdentityKit.away)
        let last = try #require(try await seen())
        #expect(last.lastSeenAt == Sample.start + .seconds(60))
        #expect(last.address == "203.0.113.9" && last.agent == "curl" && last.createdAt == Sample.start)
        // A clock that was set back writes nothing and ends nothing.
        kit.clock.set(Sample.start + .seconds(-86_400))
        #expect(try await kit.principal(session) != nil)
        #expect(try await seen()?.lastSeenAt == Sample.start + .seconds(60))
    }

    @Test("of one account are fifty at most: the one not used for longest ends")
    func bound() async throws {
        let kit = try await IdentityKit { $0.sessionsPerAccount = 3 }
        let ada = try await kit.add("Ada", .owner)
        try await kit.add("Eve", .member)
        let eve = try await kit.logIn("Eve")
        var sessions: [NewSession] = []
        for _ in 0..<3 {
            sessions.append(try await kit.logIn("Ada"))
            kit.pass(.seconds(120))
        }
        _ = try await kit.principal(sessions[0])
        sessions.append(try await kit.logIn("Ada"))
        #expect(try await kit.principal(sessions[1]) == nil)
        for index in [0, 2, 3] { #expect(try await kit.principal(sessions[index]) != nil) }
        #expect(try await kit.principal(eve) != nil)
        #expect(try await kit.identity.sessions.list(of: ada.id, by: .localRoot).count == 3)
    }

    @Test("are not opened by another secret, whatever it is")
    func secrets() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let secret = try await kit.logIn("Ada").secret.reveal()
        #expect(secret.utf8.count == 43)
        var input = HostileInput(seed: 7)
        for _ in 0..<300 {
            let text = String(decoding: input.changed(Array(secret.utf8)), as: UTF8.self)
            guard text != secret else { continue }
            #expect(try await kit.identity.access.principal(session: Secret(text), from: IdentityKit.home) == nil)
        }
        let long = Secret(String(repeating: "A", count: 1 << 20))
        #expect(try await kit.identity.access.principal(session: long, from: IdentityKit.home) == nil)
    }

    @Test("are revoked by their owner and by who manages people; for others they do not exist")
    func revocation() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        try await kit.add("Eve", .member)
        let (owner, member) = (try await kit.caller("Ada"), try await kit.caller("Eve"))
        let adas = try await kit.logIn("Ada")
        let eves = try await kit.logIn("Eve")
        let sessions = kit.identity.sessions
        #expect(await refusal { try await sessions.revoke(adas.session.id, by: member) } == .notFound)
        #expect(await refusal { try await sessions.revoke(.v7(at: Sample.start), by: member) } == .notFound)
        #expect(await refusal { _ = try await sessions.list(of: ada.id, by: member) } == .notFound)
        #expect(await refusal { try await sessions.revokeAll(of: ada.id, by: member) } == .notFound)
        #expect(await refusal { _ = try await sessions.list(of: .v7(at: Sample.start), by: owner) } == .notFound)
        #expect(try await kit.principal(adas) != nil)
        try await sessions.revoke(eves.session.id, by: owner)
        #expect(try await kit.principal(eves) == nil)
        #expect(try await sessions.list(of: ada.id, by: owner).count == 2)
        #expect(try await sessions.revokeAll(of: ada.id, sparing: true, by: owner) == 1)
        #expect(try await sessions.list(of: ada.id, by: owner).map(\.id) == [owner.principal.sessionID])
        try await sessions.logOut(owner)
        #expect(try await sessions.list(of: ada.id, by: .localRoot).isEmpty)
        let actions = try await kit.actions()
        #expect(actions.prefix(3) == ["logout", "sessions_revoked", "session_revoked"])
    }

    @Test("end at another role and at disabling, and show other cameras at once")
    func changes() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front])
        let accounts = kit.identity.accounts
        var session = try await kit.logIn("Eve")
        try await accounts.change(eve.id, AccountChange(cameras: [Sample.yard]), by: .localRoot)
        let principal = try #require(try await kit.principal(session))
        #expect(principal.sees(Sample.yard) && !principal.sees(Sample.front))
        try await accounts.change(eve.id, AccountChange(role: .member), by: .localRoot)
        #expect(try await kit.principal(session) == nil)
        session = try await kit.logIn("Eve")
        #expect(try await kit.principal(session)?.can(.keepEvents) == true)
        try await accounts.change(eve.id, AccountChange(isDisabled: true), by: .localRoot)
        #expect(try await kit.principal(session) == nil)
        #expect(await refusal { _ = try await kit.logIn("Eve") } == .unauthenticated)
        try await accounts.change(eve.id, AccountChange(isDisabled: false), by: .localRoot)
        #expect(try await kit.principal(session) == nil, "an ended session does not come back")
    }
}

extension Principal {
    var sessionID: SessionID? { if case .session(let id) = credential { id } else { nil } }
}
