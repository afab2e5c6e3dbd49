import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Where tokens come from", .timeLimit(.minutes(10)))
struct TokenOriginTests {
    private let watching = TokenRequest(name: "wall", scope: [.watchLive])

    /// Makes a token of Eve's session or of one of her tokens.
    private func make(
        _ kit: IdentityKit, _ name: String, _ scope: Set<Permission> = [.watchLive, .ownAccount], for eve: AccountID,
        by caller: Caller
    ) async throws -> NewToken {
        try await kit.identity.tokens.create(
            TokenRequest(name: name, scope: scope), for: eve, password: IdentityKit.password(of: "Eve"), by: caller)
    }

    private func program(_ kit: IdentityKit, _ token: NewToken) async throws -> Caller? {
        try await kit.identity.access.principal(token: token.secret, from: IdentityKit.home)
            .map { Caller($0, from: IdentityKit.home) }
    }

    private func names(_ kit: IdentityKit, _ account: AccountID) async throws -> Set<String> {
        Set(try await kit.identity.tokens.list(of: account, by: .localRoot).map(\.name))
    }

    @Test("are recorded: root, a session, a token")
    func makers() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member).id
        let root = try await kit.identity.tokens.create(watching, for: eve, by: .localRoot)
        let parent = try await make(kit, "parent", for: eve, by: try await kit.caller("Eve"))
        let child = try await make(kit, "child", for: eve, by: try #require(try await program(kit, parent)))
        #expect(root.token.maker == nil && root.token.parent == nil)
        #expect(parent.token.maker == eve && parent.token.parent == nil)
        #expect(child.token.maker == eve && child.token.parent == parent.token.id)
        let listed = try await kit.identity.tokens.list(of: eve, by: .localRoot)
        #expect(Set(listed.map(\.parent)) == [nil, parent.token.id] && Set(listed.map(\.maker)) == [nil, eve])
    }

    @Test("a session proves the password once more; a wrong one is counted and recorded")
    func proof() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner).id
        let (tokens, caller) = (kit.identity.tokens, try await kit.caller("Ada"))
        var codes: [GuardianError.Code?] = []
        for wrong in [nil, "", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong"] as [String?] {
            codes.append(
                await refusal {
                    _ = try await tokens.create(watching, for: ada, password: wrong.map(Secret.init), by: caller)
                })
        }
        #expect(codes.prefix(5).allSatisfy { $0 == .permissionDenied } && codes.last == .resourceExhausted)
        #expect(try await names(kit, ada).isEmpty)
        #expect(try await kit.actions().contains("proof_failed"))
        kit.monotonic.advance(by: .seconds(60))
        let password = IdentityKit.password(of: "Ada")
        let made = try await tokens.create(
            TokenRequest(name: "script", scope: [.ownAccount, .watchLive]), for: ada, password: password, by: caller)
        // A program knows no password.
        let script = try #require(try await program(kit, made))
        _ = try await tokens.create(watching, for: ada, by: script)
    }

    @Test("whoever was let in by a link, and has no password, has none to prove")
    func withoutPassword() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.identity.accounts.create(
            NewAccount(name: "Ada", password: nil, role: .owner), by: .localRoot)
        let link = try await kit.identity.links.make(for: ada.id, by: .localRoot)
        let session = try await kit.identity.links.redeem(link.secret, isRemembered: false, from: IdentityKit.home)
        let caller = Caller(try #require(try await kit.principal(session)), from: IdentityKit.home)
        let made = try await kit.identity.tokens.create(watching, for: ada.id, by: caller)
        #expect(made.token.maker == ada.id && made.token.endsAt != nil)
    }

    @Test("what a session makes always ends, within two years; what root makes, and that in turn, need not")
    func ends() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner).id
        let (tokens, caller) = (kit.identity.tokens, try await kit.caller("Ada"))
        func end(_ end: Timestamp?, by caller: Caller) async throws -> Timestamp? {
            try await tokens.create(
                TokenRequest(name: "t", scope: [.ownAccount], endsAt: end), for: ada,
                password: IdentityKit.password(of: "Ada"), by: caller
            ).token.endsAt
        }
        let day = Duration.seconds(86_400)
        #expect(try await end(nil, by: caller) == Sample.start + day * 90)
        #expect(try await end(Sample.start + day * 731, by: caller) == Sample.start + day * 731)
        let error = await #expect(throws: GuardianError.self) {
            _ = try await end(Sample.start + day * 732, by: caller)
        }
        #expect(error?.code == .invalidArgument && error?.context["field"] == "endsAt")
        #expect(try await end(Sample.start + day * 3_650, by: .localRoot) == Sample.start + day * 3_650)
        let root = try await tokens.create(
            TokenRequest(name: "root", scope: [.ownAccount]), for: ada, by: .localRoot)
        #expect(root.token.endsAt == nil)
        #expect(try await end(nil, by: try #require(try await program(kit, root))) == nil)
    }

    enum Ending: CaseIterable {
        case reset, everywhere, disabled, removed, revoked
    }

    @Test("take their tokens with them, which end at once, streams too, and are recorded", arguments: Ending.allCases)
    func endings(ending: Ending) async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member).id
        let (identity, caller) = (kit.identity, try await kit.caller("Eve"))
        let root = try await identity.tokens.create(
            TokenRequest(name: "root", scope: [.watchLive, .ownAccount]), for: eve, by: .localRoot)
        _ = try await make(kit, "root's child", for: eve, by: try #require(try await program(kit, root)))
        let parent = try await make(kit, "parent", for: eve, by: caller)
        let child = try await make(kit, "child", for: eve, by: try #require(try await program(kit, parent)))
        let grandchild = try await make(kit, "grandchild", for: eve, by: try #require(try await program(kit, child)))
        let open = try #require(try await program(kit, grandchild))
        async let ended: Void = identity.access.untilEnded(open.principal)
        try await kit.monotonic.waitForSleepers(1)
        switch ending {
        case .reset: try await identity.passwords.reset(eve, to: Secret("the next password"), by: .localRoot)
        case .everywhere: try await identity.sessions.revokeAll(of: eve, by: caller)
        case .disabled: try await identity.accounts.change(eve, AccountChange(isDisabled: true), by: .localRoot)
        case .removed: try await identity.accounts.remove(eve, by: .localRoot)
        case .revoked: try await identity.tokens.revoke(parent.token.id, by: caller)
        }
        try await ended
        for token in [parent, child, grandchild] { #expect(try await program(kit, token) == nil) }
        let revoked = try await kit.entries().filter { $0.action == "token_revoked" }
        var expected: Set = ["parent", "child", "grandchild"]
        if [.disabled, .removed].contains(ending) {
            expected.formUnion(["root", "root's child"])
            #expect(try await kit.stored("SELECT * FROM tokens").isEmpty)
        } else {
            #expect(try await program(kit, root) != nil)
            #expect(try await names(kit, eve) == ["root", "root's child"])
        }
        #expect(revoked.count == expected.count && Set(revoked.compactMap { $0.details["name"] }) == expected)
    }

    @Test("one's own change of the password leaves the tokens")
    func ownPassword() async throws {
        let kit = try await IdentityKit()
        let eve = try await kit.add("Eve", .owner).id
        let caller = try await kit.caller("Eve")
        let token = try await make(kit, "wall", for: eve, by: caller)
        _ = try await kit.identity.passwords.change(
            current: IdentityKit.password(of: "Eve"), to: Secret("the next password"), by: caller)
        #expect(try await program(kit, token) != nil)
    }

    @Test("nothing is made by a session or a token that has just ended")
    func ended() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member).id
        let caller = try await kit.caller("Eve")
        let parent = try await make(kit, "parent", for: eve, by: caller)
        let script = try #require(try await program(kit, parent))
        try await kit.identity.tokens.revoke(parent.token.id, by: caller)
        #expect(await refusal { _ = try await make(kit, "late", for: eve, by: script) } == .unauthenticated)
        try await kit.identity.sessions.logOut(caller)
        #expect(await refusal { _ = try await make(kit, "late", for: eve, by: caller) } == .unauthenticated)
        #expect(try await names(kit, eve).isEmpty)
    }

    @Test("none survives that is made while all sessions end", arguments: 0..<5)
    func race(round: Int) async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member).id
        let caller = try await kit.caller("Eve")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { _ = try? await make(kit, "\(number)", for: eve, by: caller) }
            }
            group.addTask { _ = try? await kit.identity.sessions.revokeAll(of: eve, by: .localRoot) }
        }
        #expect(try await names(kit, eve).isEmpty)
    }

    @Test("that were not recorded when a token was made leave it valid, until it is revoked or its account disabled")
    func older() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member).id
        let token = try await make(kit, "old", for: eve, by: try await kit.caller("Eve"))
        try kit.identity.close()
        // As the file was before the migration.
        try await kit.tamper(
            """
            CREATE TABLE kept AS SELECT id, account, name, secret, scope, all_cameras, created_at, ends_at, last_used_at
                FROM tokens;
            DROP TABLE tokens;
            CREATE TABLE tokens (
                id BLOB PRIMARY KEY,
                account BLOB NOT NULL REFERENCES accounts(id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                secret BLOB NOT NULL UNIQUE,
                scope TEXT NOT NULL,
                all_cameras INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                ends_at INTEGER,
                last_used_at INTEGER
            ) WITHOUT ROWID;
            INSERT INTO tokens SELECT * FROM kept;
            DROP TABLE kept;
            CREATE TRIGGER tokens_go AFTER DELETE ON tokens BEGIN
                UPDATE access_generation SET value = value + 1;
            END;
            DELETE FROM grdb_migrations WHERE identifier = '2026-11-27 makers of tokens';
            """)
        let identity = try await kit.reopened()
        func isValid() async throws -> Bool {
            try await identity.access.principal(token: token.secret, from: IdentityKit.home) != nil
        }
        #expect(try await isValid())
        #expect(try await identity.tokens.list(of: eve, by: .localRoot).map(\.maker) == [nil])
        try await identity.passwords.reset(eve, to: Secret("the next password"), by: .localRoot)
        #expect(try await isValid())
        try await identity.accounts.change(eve, AccountChange(isDisabled: true), by: .localRoot)
        #expect(try await identity.tokens.list(of: eve, by: .localRoot).isEmpty)
    }
}
