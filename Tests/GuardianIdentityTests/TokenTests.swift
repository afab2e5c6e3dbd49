import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Tokens")
struct TokenTests {
    private func principal(_ kit: IdentityKit, _ token: NewToken) async throws -> Principal? {
        try await kit.identity.access.principal(token: token.secret, from: IdentityKit.home)
    }

    @Test("may do what their scope and their person's role both allow, and see no more cameras")
    func rights() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front, Sample.yard])
        let caller = try await kit.caller("Eve")
        let token = try await kit.identity.tokens.create(
            TokenRequest(name: "wall", scope: [.watchLive, .readEvents], cameras: .only([Sample.front])), for: eve.id,
            password: IdentityKit.password(of: "Eve"), by: caller)
        let first = try #require(try await principal(kit, token))
        #expect(first.permissions == [.watchLive, .readEvents] && first.cameras == .only([Sample.front]))
        #expect(first.credential == .token(token.token.id) && first.account == eve.id)
        try await kit.identity.accounts.change(eve.id, AccountChange(cameras: [Sample.yard]), by: .localRoot)
        #expect(try await principal(kit, token)?.cameras == .only([]))
        try await kit.identity.accounts.change(eve.id, AccountChange(isDisabled: true), by: .localRoot)
        #expect(try await principal(kit, token) == nil)
    }

    @Test("that manage people see every camera: others have no limit that holds, and are not made")
    func people() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        let limited = TokenRequest(
            name: "t", scope: [.watchLive, .managePeople], cameras: .only([Sample.front]))
        #expect(
            await refusal { _ = try await kit.identity.tokens.create(limited, for: ada.id, by: caller) }
                == .invalidArgument)
        let whole = TokenRequest(name: "t", scope: [.watchLive, .managePeople])
        let token = try await kit.identity.tokens.create(
            whole, for: ada.id, password: IdentityKit.password(of: "Ada"), by: caller)
        #expect(try await principal(kit, token)?.can(.managePeople) == true)
        // One that was made before this rule.
        let old = Principal(
            credential: .none, account: ada.id, name: "Ada", role: .owner, cameras: .all,
            scope: [.watchLive, .managePeople], limits: .only([Sample.front]))
        #expect(old.permissions == [.watchLive])
        #expect(
            await refusal {
                _ = try await kit.identity.accounts.list(by: Caller(old, from: IdentityKit.home))
            } == .permissionDenied)
    }

    @Test("are refused beyond what their maker may do, and for others")
    func beyond() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front])
        let (owner, viewer) = (try await kit.caller("Ada"), try await kit.caller("Eve"))
        func code(_ request: TokenRequest, _ account: AccountID, _ caller: Caller) async -> GuardianError.Code? {
            await refusal { _ = try await kit.identity.tokens.create(request, for: account, by: caller) }
        }
        #expect(await code(TokenRequest(name: "t", scope: [.keepEvents]), eve.id, viewer) == .permissionDenied)
        let yard = TokenRequest(name: "t", scope: [.watchLive], cameras: .only([Sample.yard]))
        #expect(await code(yard, eve.id, viewer) == .permissionDenied)
        #expect(await code(TokenRequest(name: "t", scope: [.watchLive]), ada.id, viewer) == .notFound)
        #expect(await code(TokenRequest(name: "t", scope: [.watchLive]), eve.id, owner) == .notFound)
        #expect(await code(TokenRequest(name: " ", scope: [.watchLive]), eve.id, viewer) == .invalidArgument)
        #expect(await code(TokenRequest(name: "t", scope: []), eve.id, viewer) == .invalidArgument)
        let past = TokenRequest(name: "t", scope: [.watchLive], endsAt: Sample.start)
        #expect(await code(past, eve.id, viewer) == .invalidArgument)
        let far = TokenRequest(name: "t", scope: [.watchLive], endsAt: Timestamp(milliseconds: .max))
        #expect(await code(far, eve.id, viewer) == .invalidArgument)
        #expect(await code(TokenRequest(name: "t", scope: Set(Permission.allCases)), ada.id, .localRoot) == nil)
    }

    @Test("make no tokens that may do more or last longer than they themselves")
    func children() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let end = Sample.start + .seconds(3600)
        let parent = try await kit.identity.tokens.create(
            TokenRequest(
                name: "parent", scope: [.ownAccount, .watchLive], cameras: .only([Sample.front]), endsAt: end),
            for: ada.id, password: IdentityKit.password(of: "Ada"), by: try await kit.caller("Ada"))
        let caller = Caller(try #require(try await principal(kit, parent)), from: IdentityKit.home)
        let tokens = kit.identity.tokens
        let wide = TokenRequest(name: "child", scope: [.operate])
        #expect(await refusal { _ = try await tokens.create(wide, for: ada.id, by: caller) } == .permissionDenied)
        let child = try await tokens.create(
            TokenRequest(name: "child", scope: [.watchLive]), for: ada.id, by: caller)
        #expect(child.token.endsAt == end && child.token.cameras == .only([Sample.front]))
        let plain = Caller(try #require(try await principal(kit, child)), from: IdentityKit.home)
        let next = TokenRequest(name: "grandchild", scope: [.watchLive])
        #expect(await refusal { _ = try await tokens.create(next, for: ada.id, by: plain) } == .permissionDenied)
    }

    @Test("expire, are revoked, and are stored as digests only")
    func ends() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        let request = TokenRequest(name: "t", scope: [.watchLive], endsAt: Sample.start + .seconds(60))
        let expiring = try await kit.identity.tokens.create(
            request, for: ada.id, password: IdentityKit.password(of: "Ada"), by: caller)
        let lasting = try await kit.identity.tokens.create(
            TokenRequest(name: "u", scope: [.watchLive]), for: ada.id, by: .localRoot)
        let text = lasting.secret.reveal()
        #expect(try await !"\(kit.stored("SELECT *, hex(secret) FROM tokens"))".contains(text))
        #expect(try await !kit.entries().contains { "\($0)".contains(text) } && !"\(lasting)".contains(text))
        kit.pass(.seconds(59))
        #expect(try await principal(kit, expiring) != nil)
        let used = try await kit.identity.tokens.list(of: ada.id, by: caller).filter { $0.lastUsedAt != nil }
        #expect(used.map(\.id) == [expiring.token.id] && used.first?.lastUsedAt == kit.clock.now())
        kit.pass(.seconds(1))
        #expect(try await principal(kit, expiring) == nil)
        #expect(try await principal(kit, lasting) != nil)
        #expect(try await kit.identity.tokens.list(of: ada.id, by: caller).count == 2, "an expired one is still listed")
        try await kit.add("Eve", .member)
        let eve = try await kit.caller("Eve")
        #expect(await refusal { try await kit.identity.tokens.revoke(lasting.token.id, by: eve) } == .notFound)
        try await kit.identity.tokens.revoke(lasting.token.id, by: caller)
        #expect(try await principal(kit, lasting) == nil)
        kit.pass(.seconds(40 * 86_400))
        try await kit.identity.upkeep()
        #expect(try await kit.identity.tokens.list(of: ada.id, by: .localRoot).isEmpty)
    }

    @Test("of one account are bounded")
    func bound() async throws {
        let kit = try await IdentityKit { $0.tokensPerAccount = 3 }
        let ada = try await kit.add("Ada", .owner)
        let request = TokenRequest(name: "t", scope: [.watchLive])
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    await refusal { _ = try await kit.identity.tokens.create(request, for: ada.id, by: .localRoot) }
                        == nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(made == 3)
    }
}
