import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("The end of access", .timeLimit(.minutes(10)))
struct AccessTests {
    enum Ending: CaseIterable {
        case logout, revoked, revokedAll, role, cameras, disabled, removed, password
    }

    @Test("ends a stream at once, for every way in which rights end", arguments: Ending.allCases)
    func endings(ending: Ending) async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front])
        let session = try await kit.logIn("Eve")
        let caller = Caller(try #require(try await kit.principal(session)), from: IdentityKit.home)
        let identity = kit.identity
        async let ended: Void = identity.access.untilEnded(caller.principal)
        try await kit.monotonic.waitForSleepers(1)
        switch ending {
        case .logout: try await identity.sessions.logOut(caller)
        case .revoked: try await identity.sessions.revoke(session.session.id, by: .localRoot)
        case .revokedAll: try await identity.sessions.revokeAll(of: eve.id, by: .localRoot)
        case .role: try await identity.accounts.change(eve.id, AccountChange(role: .member), by: .localRoot)
        case .cameras: try await identity.accounts.change(eve.id, AccountChange(cameras: []), by: .localRoot)
        case .disabled: try await identity.accounts.change(eve.id, AccountChange(isDisabled: true), by: .localRoot)
        case .removed: try await identity.accounts.remove(eve.id, by: .localRoot)
        case .password: try await identity.passwords.reset(eve.id, to: Secret("the next password"), by: .localRoot)
        }
        try await ended
    }

    @Test("of others, another name, and a new secret end no stream")
    func others() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let other = try await kit.logIn("Ada")
        let caller = try await kit.caller("Ada")
        let stream = Task { try await kit.identity.access.untilEnded(caller.principal) }
        try await kit.monotonic.waitForSleepers(1)
        let waits = kit.monotonic.waits.count
        try await kit.identity.sessions.revoke(other.session.id, by: .localRoot)
        try await eventually("it has looked again") { kit.monotonic.waits.count > waits }
        try await kit.identity.accounts.change(ada.id, AccountChange(name: "Lovelace"), by: .localRoot)
        _ = try await kit.identity.passwords.change(
            current: IdentityKit.password(of: "Ada"), to: Secret("the next password"), by: caller)
        // Had it ended, it would not throw.
        stream.cancel()
        await #expect(throws: CancellationError.self) { try await stream.value }
    }

    @Test("is noticed within a second when another process revokes")
    func otherProcess() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let session = try await kit.logIn("Ada")
        let principal = try #require(try await kit.principal(session))
        let other = try await kit.reopened()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await kit.identity.run() }
            try await kit.monotonic.waitForSleepers(1)
            let ended = Task { try await kit.identity.access.untilEnded(principal) }
            try await kit.monotonic.waitForSleepers(2)
            try await other.sessions.revoke(session.session.id, by: .localRoot)
            // Twice at most: the poll may have read just before.
            try await kit.monotonic.waitForSleepers(2)
            kit.monotonic.advance(by: .seconds(1))
            try await ended.value
            group.cancelAll()
            await #expect(throws: CancellationError.self) { try await group.waitForAll() }
        }
    }

    @Test("comes with a session's or token's end, by the wall clock")
    func expiry() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        let new = try await kit.identity.tokens.create(
            TokenRequest(name: "t", scope: [.watchLive], endsAt: Sample.start + .seconds(30)), for: ada.id,
            password: IdentityKit.password(of: "Ada"), by: caller)
        let token = try #require(
            try await kit.identity.access.principal(token: new.secret, from: IdentityKit.home))
        async let ended: Void = kit.identity.access.untilEnded(token)
        try await kit.monotonic.waitForSleepers(1)
        kit.pass(.seconds(30))
        kit.monotonic.advance(by: .seconds(30))
        try await ended
    }

    @Test("does not come to a session whose only use is an open stream, until its absolute end")
    func openStream() async throws {
        let kit = try await IdentityKit { $0.sessionLimit = .seconds(3 * 86_400) }
        let ada = try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        let stream = Task { try await kit.identity.access.untilEnded(caller.principal) }
        for _ in 0..<5 {
            try await kit.monotonic.waitForSleepers(1)
            kit.pass(.seconds(12 * 3600))
            kit.monotonic.advance(by: .seconds(60))
        }
        try await kit.monotonic.waitForSleepers(1)
        #expect(try await kit.identity.sessions.list(of: ada.id, by: .localRoot).count == 1)
        kit.pass(.seconds(12 * 3600))
        kit.monotonic.advance(by: .seconds(60))
        try await stream.value
    }
}
