import Foundation
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("The first run")
struct SetupTests {
    private let password = Secret("the first long password")

    private func complete(_ kit: IdentityKit, _ secret: Secret<String>, _ name: String = "Ada") async throws
        -> NewSession
    {
        try await kit.identity.setup.complete(secret, name: name, password: password, from: IdentityKit.home)
    }

    @Test("has one secret, in a file that only its owner can read, which outlasts a restart")
    func file() async throws {
        let kit = try await IdentityKit()
        let file = kit.folder.path("setup")
        let secret = try #require(try await kit.identity.setup.prepare(file: file))
        #expect(secret.reveal().utf8.count == 43)
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try await kit.reopened().setup.prepare(file: file) == secret)
        #expect(try await !"\(kit.stored("SELECT *, hex(secret) FROM setup"))".contains(secret.reveal()))
        try Data("something else".utf8).write(to: URL(filePath: file))
        let next = try #require(try await kit.identity.setup.prepare(file: file))
        #expect(next != secret)
        #expect(try await !kit.identity.setup.isRight(secret))
        #expect(try await kit.identity.setup.isRight(next))
        let nowhere = kit.folder.path("missing/setup")
        #expect(await refusal { _ = try await kit.identity.setup.prepare(file: nowhere) } == .unavailable)
    }

    @Test("makes an owner, logs in, and is over")
    func completion() async throws {
        let kit = try await IdentityKit()
        let file = kit.folder.path("setup")
        let secret = try #require(try await kit.identity.setup.prepare(file: file))
        #expect(await refusal { _ = try await complete(kit, Secret("guess")) } == .unauthenticated)
        #expect(await refusal { _ = try await complete(kit, secret, "") } == .invalidArgument)
        #expect(try await kit.identity.setup.isOpen(), "a refused name does not use up the secret")
        let session = try await complete(kit, secret)
        #expect(try await kit.principal(session)?.role == .owner)
        #expect(try await !kit.identity.setup.isOpen())
        #expect(await refusal { _ = try await complete(kit, secret, "Eve") } == .unauthenticated)
        #expect(try await kit.identity.setup.prepare(file: file) == nil)
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try await kit.actions() == ["setup_completed", "setup_begun"])
    }

    @Test("has one winner when many have the link", arguments: 0..<4)
    func race(round: Int) async throws {
        let kit = try await IdentityKit()
        let secret = try #require(try await kit.identity.setup.prepare(file: kit.folder.path("setup")))
        let others = try await kit.reopened()
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<6 {
                let identity = number % 2 == 0 ? kit.identity : others
                group.addTask {
                    await refusal {
                        _ = try await identity.setup.complete(
                            secret, name: "Name \(number)", password: password, from: IdentityKit.home)
                    } == nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
        #expect(try await kit.identity.accounts.list(by: .localRoot).count == 1)
        #expect(try await kit.stored("SELECT * FROM sessions").count == 1)
    }

    @Test("is over when root creates the first owner")
    func root() async throws {
        let kit = try await IdentityKit()
        let secret = try #require(try await kit.identity.setup.prepare(file: kit.folder.path("setup")))
        try await kit.add("Ada", .owner)
        #expect(try await !kit.identity.setup.isOpen())
        #expect(await refusal { _ = try await complete(kit, secret, "Eve") } == .unauthenticated)
        #expect(try await kit.stored("SELECT * FROM setup").isEmpty)
    }
}
