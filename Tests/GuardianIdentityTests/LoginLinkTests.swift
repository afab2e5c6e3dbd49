import Foundation
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("A login link")
struct LoginLinkTests {
    private func redeem(_ kit: IdentityKit, _ secret: Secret<String>) async throws -> NewSession {
        try await kit.identity.links.redeem(secret, isRemembered: false, from: IdentityKit.home)
    }

    @Test("logs in once, also somebody who has no password yet, who can choose one then")
    func invitation() async throws {
        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        let eve = try await kit.identity.accounts.create(
            NewAccount(name: "Eve", password: nil, role: .member), by: .localRoot)
        #expect(!eve.hasPassword)
        #expect(await refusal { _ = try await kit.logIn("Eve") } == .unauthenticated)
        let link = try await kit.identity.links.make(for: eve.id, by: .localRoot)
        #expect(try await !"\(kit.stored("SELECT *, hex(secret) FROM login_links"))".contains(link.secret.reveal()))
        let session = try await redeem(kit, link.secret)
        #expect(await refusal { _ = try await redeem(kit, link.secret) } == .unauthenticated)
        let caller = Caller(try #require(try await kit.principal(session)), from: IdentityKit.home)
        #expect(caller.principal.account == eve.id && caller.principal.role == .member)
        let password = IdentityKit.password(of: "Eve")
        _ = try await kit.identity.passwords.change(current: Secret(""), to: password, by: caller)
        _ = try await kit.logIn("Eve")
        // From now on the current one is needed.
        #expect(
            await refusal {
                _ = try await kit.identity.passwords.change(current: Secret(""), to: password, by: caller)
            } != nil)
        #expect(try await kit.actions().contains("login_link_made"))
    }

    @Test("ends after a day, when another one is made, with a new password, and with the account")
    func ends() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        try await kit.add("Bob", .owner)
        func made() async throws -> Secret<String> {
            try await kit.identity.links.make(for: ada.id, by: .localRoot).secret
        }

        let late = try await made()
        kit.pass(LoginLinks.lifetime)
        #expect(await refusal { _ = try await redeem(kit, late) } == .unauthenticated)
        let first = try await made()
        let second = try await made()
        #expect(await refusal { _ = try await redeem(kit, first) } == .unauthenticated)
        _ = try await redeem(kit, second)
        let old = try await made()
        try await kit.identity.passwords.reset(ada.id, to: Secret("another long password"), by: .localRoot)
        #expect(await refusal { _ = try await redeem(kit, old) } == .unauthenticated)
        let revoked = try await made()
        try await kit.identity.sessions.revokeAll(of: ada.id, by: .localRoot)
        #expect(await refusal { _ = try await redeem(kit, revoked) } == .unauthenticated)
        let disabled = try await made()
        try await kit.identity.accounts.change(ada.id, AccountChange(isDisabled: true), by: .localRoot)
        #expect(await refusal { _ = try await redeem(kit, disabled) } == .unauthenticated)
        #expect(await refusal { _ = try await made() } == .failedPrecondition)
        try await kit.identity.accounts.change(ada.id, AccountChange(isDisabled: false), by: .localRoot)
        #expect(await refusal { _ = try await redeem(kit, disabled) } == .unauthenticated)
    }

    @Test("is made for oneself and by whoever may do as much, never by a token")
    func rights() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let bob = try await kit.add("Bob", .member)
        let (owner, member) = (try await kit.caller("Ada"), try await kit.caller("Bob"))
        let links = kit.identity.links
        _ = try await links.make(for: bob.id, by: owner)
        // One's own replaces password and second factor: a borrowed browser must not make one.
        #expect(await refusal { _ = try await links.make(for: bob.id, by: member) } == .permissionDenied)
        _ = try await links.make(for: bob.id, password: IdentityKit.password(of: "Bob"), by: member)
        #expect(await refusal { _ = try await links.make(for: ada.id, by: member) } == .notFound)
        let token = try await kit.identity.tokens.create(
            TokenRequest(name: "all", scope: Role.owner.permissions), for: ada.id,
            password: IdentityKit.password(of: "Ada"), by: owner)
        let program = try #require(
            try await kit.identity.access.principal(token: token.secret, from: IdentityKit.home))
        let caller = Caller(program, from: IdentityKit.home)
        #expect(await refusal { _ = try await links.make(for: ada.id, by: caller) } == .permissionDenied)
    }

    @Test("has one winner when many open it", arguments: 0..<3)
    func race(round: Int) async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let link = try await kit.identity.links.make(for: ada.id, by: .localRoot)
        let winners = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 { group.addTask { await refusal { _ = try await redeem(kit, link.secret) } == nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
    }
}

@Suite("The token of command lines on this machine")
struct LocalTokenTests {
    @Test("gives all rights to whoever can read its file, and is a new one at each start")
    func token() async throws {
        let kit = try await IdentityKit()
        let file = kit.folder.path("local.token")
        func read() throws -> Secret<String> {
            Secret(try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .newlines))
        }
        func principal(_ identity: Identity, _ secret: Secret<String>) async throws -> Principal? {
            try await identity.access.principal(token: secret, from: .local)
        }

        let first = kit.identity.admitting(try LocalToken(file: file))
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        let secret = try read()
        #expect(try await principal(first, secret) == .localRoot)
        #expect(try await principal(kit.identity, secret) == nil)
        let second = kit.identity.admitting(try LocalToken(file: file))
        #expect(try await principal(second, secret) == nil)
        #expect(try await principal(second, read()) == .localRoot)
    }
}
