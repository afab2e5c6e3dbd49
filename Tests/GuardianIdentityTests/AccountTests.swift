import Foundation
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("A person's name")
struct AccountNameTests {
    @Test(
        "is refused when it is empty, too long or not visible",
        arguments: [
            "", "   ", "\t", "a\nb", "a\u{0}b", "a\u{202E}b", "a\u{200B}b", "\u{FEFF}",
            String(repeating: "a", count: 65),
            "a" + String(repeating: "\u{300}", count: 200), String(repeating: "x", count: 100_000), "a\u{2028}b",
        ])
    func refused(text: String) { #expect(AccountName(text) == nil) }

    @Test(
        "is normalised",
        arguments: [
            ("Ada", "Ada"), ("  Ada   Lovelace ", "Ada Lovelace"), ("Ａｄａ", "Ada"), ("Zoe\u{308}", "Zoë"),
            ("Ada\u{A0}L", "Ada L"), (String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
            ("李雷", "李雷"),
        ])
    func normalised(text: String, expected: String) { #expect(AccountName(text)?.text == expected) }

    @Test(
        "is the same in any case",
        arguments: [("ADA", "ada"), ("Straße", "STRASSE"), ("ΣΟΦΙΑΣ", "σοφιασ"), ("Zoë", "ZOE\u{308}")])
    func cases(left: String, right: String) throws {
        #expect(try #require(AccountName(left)) == #require(AccountName(right)))
    }
}

@Suite("Accounts")
struct AccountTests {
    @Test("are in a file that only its owner can read, and outlast a restart")
    func file() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front, Sample.yard])
        let attributes = try FileManager.default.attributesOfItem(atPath: kit.folder.path("identity.sqlite"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        try kit.identity.close()
        let again = try await kit.reopened()
        #expect(try await again.accounts.list(by: .localRoot) == [ada, eve])
        #expect(eve.cameras == .only([Sample.front, Sample.yard]) && ada.cameras == .all)
        #expect(ada.createdAt == Sample.start && ada.id.time == Sample.start)
    }

    @Test("have names that are unique in any case")
    func names() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member)
        #expect(await refusal { try await kit.add("ADA", .member) } == .alreadyExists)
        let rename = AccountChange(name: "ada")
        #expect(
            await refusal { try await kit.identity.accounts.change(eve.id, rename, by: .localRoot) } == .alreadyExists)
        #expect(try await kit.identity.accounts.change(ada.id, rename, by: .localRoot).name.text == "ada")
        #expect(try await kit.identity.accounts.account(named: "ADA", by: .localRoot).id == ada.id)
    }

    @Test("begin with an owner, and refuse bad passwords and names, naming the field")
    func creation() async throws {
        let kit = try await IdentityKit()
        #expect(await refusal { try await kit.add("Eve", .member) } == .failedPrecondition)
        try await kit.add("Ada", .owner)
        for (name, password, field) in [("", "long enough", "name"), ("Bob", "short", "password")] {
            let error = await #expect(throws: GuardianError.self) {
                try await kit.identity.accounts.create(
                    NewAccount(name: name, password: Secret(password), role: .member), by: .localRoot)
            }
            #expect(error?.code == .invalidArgument && error?.context["field"] == field)
        }
        #expect(try await kit.identity.accounts.list(by: .localRoot).count == 1)
    }

    @Test("never lose the last owner who can log in: by role, disabling or removal")
    func lastOwner() async throws {
        let kit = try await IdentityKit()
        let accounts = kit.identity.accounts
        let ada = try await kit.add("Ada", .owner)
        let bob = try await kit.add("Bob", .owner)
        try await accounts.change(bob.id, AccountChange(isDisabled: true), by: .localRoot)
        for change in [AccountChange(role: .member), AccountChange(role: .viewer), AccountChange(isDisabled: true)] {
            #expect(await refusal { try await accounts.change(ada.id, change, by: .localRoot) } == .failedPrecondition)
        }
        #expect(await refusal { try await accounts.remove(ada.id, by: .localRoot) } == .failedPrecondition)
        #expect(try await accounts.account(ada.id, by: .localRoot) == ada)
        #expect(try await !kit.actions().contains("account_removed"), "what was refused is not in the log")
        try await accounts.change(bob.id, AccountChange(isDisabled: false), by: .localRoot)
        try await accounts.remove(ada.id, by: .localRoot)
        #expect(try await accounts.list(by: .localRoot).map(\.id) == [bob.id])
    }

    @Test("never lose the last owner with a password to one who was invited and has none")
    func invitedOwner() async throws {
        let kit = try await IdentityKit()
        let accounts = kit.identity.accounts
        let ada = try await kit.add("Ada", .owner)
        let bob = try await accounts.create(NewAccount(name: "Bob", password: nil, role: .owner), by: .localRoot)
        for change in [AccountChange(role: .member), AccountChange(isDisabled: true)] {
            #expect(await refusal { try await accounts.change(ada.id, change, by: .localRoot) } == .failedPrecondition)
        }
        #expect(await refusal { try await accounts.remove(ada.id, by: .localRoot) } == .failedPrecondition)
        try await kit.identity.passwords.reset(bob.id, to: IdentityKit.password(of: "Bob"), by: .localRoot)
        try await accounts.remove(ada.id, by: .localRoot)
        #expect(try await accounts.list(by: .localRoot).map(\.id) == [bob.id])
    }

    @Test("of others can be changed while the only owner has no password, who was made on the machine itself")
    func ownerByLink() async throws {
        let kit = try await IdentityKit()
        let accounts = kit.identity.accounts
        let ada = try await accounts.create(NewAccount(name: "Ada", password: nil, role: .owner), by: .localRoot)
        let eve = try await kit.add("Eve", .member)
        #expect(try await accounts.change(eve.id, AccountChange(role: .viewer), by: .localRoot).role == .viewer)
        try await accounts.remove(eve.id, by: .localRoot)
        let disabling = AccountChange(isDisabled: true)
        #expect(await refusal { try await accounts.change(ada.id, disabling, by: .localRoot) } == .failedPrecondition)
    }

    @Test("keep an owner when two owners demote each other at once", arguments: 0..<8)
    func race(round: Int) async throws {
        let kit = try await IdentityKit()
        let owners = [try await kit.add("Ada", .owner), try await kit.add("Bob", .owner)]
        let changes = [AccountChange(role: .member), AccountChange(isDisabled: true)]
        let refused = await withTaskGroup(of: Bool.self) { group in
            for (index, owner) in owners.enumerated() {
                group.addTask {
                    await refusal {
                        let change = changes[(index + round) % 2]
                        if round < 4 {
                            try await kit.identity.accounts.change(owner.id, change, by: .localRoot)
                        } else {
                            try await kit.identity.accounts.remove(owner.id, by: .localRoot)
                        }
                    } != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused == 1)
        let left = try await kit.identity.accounts.list(by: .localRoot)
        #expect(left.filter { $0.role == .owner && !$0.isDisabled }.count == 1)
    }

    @Test("of one name are created once when many try at once")
    func sameName() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let created = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<12 {
                group.addTask { await refusal { try await kit.add(number % 2 == 0 ? "Eve" : "EVE", .member) } == nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(created == 1)
    }

    @Test("are managed by owners only, and nobody else learns who there is", arguments: [Role.member, .viewer])
    func rights(role: Role) async throws {
        let kit = try await IdentityKit()
        let accounts = kit.identity.accounts
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", role)
        let caller = try await kit.caller("Eve")
        #expect(await refusal { _ = try await accounts.list(by: caller) } == .permissionDenied)
        let promotion = AccountChange(role: .owner)
        #expect(await refusal { try await accounts.change(eve.id, promotion, by: caller) } == .permissionDenied)
        #expect(await refusal { try await accounts.remove(ada.id, by: caller) } == .permissionDenied)
        let reset = Secret("another long password")
        #expect(
            await refusal { try await kit.identity.passwords.reset(ada.id, to: reset, by: caller) } == .permissionDenied
        )
        let new = NewAccount(name: "Mallory", password: reset, role: .viewer)
        #expect(await refusal { _ = try await accounts.create(new, by: caller) } == .permissionDenied)
        #expect(await refusal { _ = try await accounts.account(ada.id, by: caller) } == .notFound)
        #expect(await refusal { _ = try await accounts.account(.v7(at: Sample.start), by: caller) } == .notFound)
        #expect(try await accounts.account(eve.id, by: caller) == eve)
    }

    @Test("cannot be raised by a token that may do less than they could then")
    func command() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .viewer)
        let owner = try await kit.caller("Ada")
        let new = try await kit.identity.tokens.create(
            TokenRequest(name: "people", scope: [.managePeople, .watchLive]), for: ada.id,
            password: IdentityKit.password(of: "Ada"), by: owner)
        let principal = try await kit.identity.access.principal(token: new.secret, from: IdentityKit.home)
        let token = Caller(try #require(principal), from: IdentityKit.home)
        #expect(
            await refusal {
                try await kit.identity.accounts.change(eve.id, AccountChange(role: .owner), by: token)
            } == .permissionDenied)
        #expect(
            await refusal {
                try await kit.identity.passwords.reset(eve.id, to: Secret("another long password"), by: token)
            } == .permissionDenied, "a viewer may read events, which this token may not")
        #expect(
            await refusal {
                _ = try await kit.identity.accounts.create(
                    NewAccount(name: "Mallory", password: Secret("another long password"), role: .owner), by: token)
            } == .permissionDenied)
    }

    @Test("lose their cameras with the viewer's role, and begin as viewers without any")
    func cameras() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let accounts = kit.identity.accounts
        let eve = try await kit.add("Eve", .viewer, cameras: [Sample.front])
        #expect(try await accounts.change(eve.id, AccountChange(role: .member), by: .localRoot).cameras == .all)
        #expect(try await accounts.change(eve.id, AccountChange(role: .viewer), by: .localRoot).cameras == .only([]))
        let yard = try await accounts.change(eve.id, AccountChange(cameras: [Sample.yard]), by: .localRoot)
        #expect(yard.cameras == .only([Sample.yard]))
        let many = Set((0..<600).map { _ in CameraID(UUID()) })
        let change = AccountChange(cameras: many)
        #expect(await refusal { try await accounts.change(eve.id, change, by: .localRoot) } == .invalidArgument)
    }

    @Test("are bounded in number")
    func bound() async throws {
        let kit = try await IdentityKit { $0.accounts = 2 }
        try await kit.add("Ada", .owner)
        try await kit.add("Bob", .member)
        #expect(await refusal { try await kit.add("Eve", .member) } == .resourceExhausted)
    }
}

@Suite("Changing passwords")
struct PasswordChangeTests {
    private let next = Secret("the next long password")

    @Test("needs the current one, ends the other sessions and gives this one a new secret")
    func own() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let other = try await kit.logIn("Ada", from: IdentityKit.away)
        let mine = try await kit.logIn("Ada")
        let caller = Caller(try #require(try await kit.principal(mine)), from: IdentityKit.home)
        #expect(
            await refusal {
                _ = try await kit.identity.passwords.change(current: Secret("wrong"), to: next, by: caller)
            } == .permissionDenied)
        let renewed = try await kit.identity.passwords.change(
            current: IdentityKit.password(of: "Ada"), to: next, by: caller)
        #expect(try #require(renewed).session.id == mine.session.id)
        #expect(try await kit.principal(try #require(renewed)) == caller.principal)
        #expect(try await kit.principal(mine) == nil)
        #expect(try await kit.principal(other) == nil)
        #expect(await refusal { _ = try await kit.logIn("Ada") } == .unauthenticated)
    }

    @Test("cannot be used to guess the current one")
    func guessing() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        var codes: [GuardianError.Code?] = []
        for _ in 0..<8 {
            codes.append(
                await refusal {
                    _ = try await kit.identity.passwords.change(current: Secret("guess"), to: next, by: caller)
                })
        }
        #expect(codes == Array(repeating: .permissionDenied, count: 6) + [.resourceExhausted, .resourceExhausted])
        #expect(try await kit.actions().filter { $0 == "proof_failed" }.count == 6)
    }

    @Test("of somebody else ends their sessions; one's own is not reset that way")
    func reset() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let eve = try await kit.add("Eve", .member)
        let caller = try await kit.caller("Ada")
        let session = try await kit.logIn("Eve")
        #expect(
            await refusal { try await kit.identity.passwords.reset(ada.id, to: next, by: caller) }
                == .failedPrecondition)
        try await kit.identity.passwords.reset(eve.id, to: next, by: caller)
        #expect(try await kit.principal(session) == nil)
        let outcome = try await kit.identity.login.logIn(
            LoginRequest(name: "eve", password: next), from: IdentityKit.home)
        guard case .loggedIn = outcome else { throw GuardianError(.internal, "not logged in") }
        try await kit.identity.passwords.reset(ada.id, to: next, by: .localRoot)
        #expect(try await kit.identity.sessions.list(of: ada.id, by: .localRoot).isEmpty)
    }
}
