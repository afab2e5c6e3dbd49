import Crypto
import Foundation
import GRDB
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("The audit log")
struct AuditTests {
    private func filled(_ count: Int, _ change: (inout IdentitySettings) -> Void = { _ in }) async throws -> IdentityKit
    {
        let kit = try await IdentityKit(change)
        for number in 0..<count {
            try await kit.identity.audit.record(
                .settingsChanged, by: .localRoot, about: "setting \(number)", ["to": "\(number)"])
        }
        return kit
    }

    @Test("tells who did what to whom, when and from where")
    func content() async throws {
        let kit = try await IdentityKit()
        let ada = try await kit.add("Ada", .owner)
        let caller = try await kit.caller("Ada")
        kit.pass(.seconds(5))
        let eve = try await kit.identity.accounts.create(
            NewAccount(name: "Eve", password: Secret("a long password"), role: .member), by: caller)
        let entry = try #require(try await kit.entries().first)
        #expect(entry.action == "account_created" && entry.by == "account")
        #expect(entry.account == ada.id.description && entry.name == "Ada" && entry.subject == eve.id.description)
        #expect(entry.address == "192.168.1.20" && entry.agent == "Browser")
        #expect(entry.at == Sample.start + .seconds(5))
        #expect(entry.details == ["name": "Eve", "role": "member"])
        #expect(try await kit.actions() == ["account_created", "login", "account_created"])
    }

    @Test("is read by who may read it, in pages, newest first")
    func pages() async throws {
        let kit = try await filled(25)
        var sequences: [Int64] = []
        while true {
            let page = try await kit.identity.audit.page(before: sequences.last, limit: 10, by: .localRoot)
            if page.isEmpty { break }
            sequences += page.map(\.sequence)
        }
        #expect(sequences == Array((1...25).reversed()))
        #expect(try await kit.identity.audit.head()?.sequence == 25)
        for role in [Role.member, .viewer] {
            let principal = Principal(
                credential: .session(.v7(at: Sample.start)), account: .v7(at: Sample.start), name: "Eve", role: role,
                cameras: .all)
            let caller = Caller(principal, from: IdentityKit.home)
            #expect(await refusal { _ = try await kit.identity.audit.page(by: caller) } == .permissionDenied)
        }
    }

    @Test("is one chain, also when many write at once")
    func chain() async throws {
        let kit = try await IdentityKit()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await kit.identity.audit.record(.cameraChanged, by: .localRoot, about: "\(number)")
                }
            }
            try await group.waitForAll()
        }
        let verification = try await kit.identity.audit.verify()
        #expect(verification.entries == 100 && verification.faults.isEmpty)
    }

    @Test(
        "shows what was changed behind its back",
        arguments: [
            ("UPDATE audit SET payload = replace(payload, 'setting 4', 'setting 5') WHERE sequence = 5", .changed(5)),
            ("UPDATE audit SET hash = randomblob(32) WHERE sequence = 5", .changed(5)),
            ("UPDATE audit SET payload = x'00' WHERE sequence = 5", .changed(5)),
            ("DELETE FROM audit WHERE sequence BETWEEN 4 AND 6", .missing(4...6)),
            ("DELETE FROM audit WHERE sequence < 4", .beginning(4)),
            ("UPDATE audit SET sequence = 100 WHERE sequence = 5", .changed(100)),
        ] as [(String, AuditVerification.Fault)])
    func tampering(sql: String, fault: AuditVerification.Fault) async throws {
        let kit = try await filled(10)
        try await kit.tamper(sql)
        #expect(try await kit.identity.audit.verify().faults.contains(fault))
    }

    @Test("shows an entry that was written anew with a right hash, because the next one names the old")
    func rewritten() async throws {
        let kit = try await filled(10)
        let entry = try #require(try await kit.identity.audit.page(before: 6, limit: 1, by: .localRoot).first)
        let text = String(decoding: entry.payload, as: UTF8.self).replacing("setting 4", with: "setting 9")
        let hex = SHA256.hash(data: Array(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
        try await kit.tamper("UPDATE audit SET payload = CAST('\(text)' AS BLOB), hash = x'\(hex)' WHERE sequence = 5")
        #expect(try await kit.identity.audit.verify().faults == [.unlinked(6)])
    }

    @Test("is cut when there are too many entries, and verifies from the cut on")
    func cutByNumber() async throws {
        let kit = try await filled(50) { $0.auditEntries = 40 }
        let head = try #require(try await kit.identity.audit.head())
        #expect(try await kit.identity.audit.cut() == 14)
        #expect(try await kit.identity.audit.cut() == 0)
        let entries = try await kit.entries()
        #expect(entries.count == 37 && entries.last?.sequence == 15 && entries.first?.sequence == head.sequence + 1)
        #expect(entries.first?.action == "audit_cut" && entries.first?.details["through"] == "14")
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
        for number in 0..<20 { try await kit.identity.audit.record(.cameraAdded, by: .localRoot, about: "\(number)") }
        #expect(try await kit.identity.audit.cut() > 0)
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
        try await kit.tamper("DELETE FROM audit WHERE sequence = (SELECT min(sequence) FROM audit)")
        #expect(try await kit.identity.audit.verify().faults.count == 1)
    }

    @Test("is cut when entries are too old, but never to nothing by a clock that is years ahead")
    func cutByAge() async throws {
        let kit = try await filled(20) { $0.auditFloor = 5 }
        kit.pass(.seconds(200 * 86_400))
        for number in 0..<10 { try await kit.identity.audit.record(.cameraAdded, by: .localRoot, about: "\(number)") }
        #expect(try await kit.identity.audit.cut() == 0)
        kit.pass(.seconds(202 * 86_400))
        #expect(try await kit.identity.audit.cut() == 20)
        #expect(try await kit.entries().count == 11)
        kit.pass(.seconds(20 * 365 * 86_400))
        #expect(try await kit.identity.audit.cut() == 6)
        #expect(try await kit.entries().count == 6)
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
    }

    @Test("is signed once there is a key, and shows what somebody without it wrote")
    func signatures() async throws {
        let key = Curve25519.Signing.PrivateKey()
        let publicKey = key.publicKey
        let folder = TemporaryFolder()
        let identity = try await Identity.open(
            path: folder.path("identity.sqlite"), sign: { Array(try key.signature(for: $0)) }, cost: IdentityKit.cheap)
        for _ in 0..<3 { try await identity.audit.record(.settingsChanged, by: .localRoot) }
        let isSigned: @Sendable ([UInt8], [UInt8]) -> Bool = { publicKey.isValidSignature($1, for: $0) }
        #expect(try await identity.audit.verify(signature: isSigned).faults.isEmpty)
        let other = try await Identity.open(path: folder.path("identity.sqlite"), cost: IdentityKit.cheap)
        try await other.audit.record(.settingsChanged, by: .localRoot)
        #expect(try await identity.audit.verify(signature: isSigned).faults == [.signature(4)])
        #expect(try await identity.audit.verify().faults.isEmpty)
    }

    @Test("is verified in its file without a change to it, also in one of an earlier version that others use")
    func file() async throws {
        let kit = try await filled(3)
        let path = kit.folder.path("copy.sqlite")
        // The first version had no signatures, and none of the tables that came later.
        let old = try DatabaseQueue(path: path)
        let rows = try await kit.identity.audit.page(limit: 10, by: .localRoot)
        try await old.write { database in
            try database.execute(
                sql: "CREATE TABLE audit (sequence INTEGER PRIMARY KEY, payload BLOB NOT NULL, hash BLOB NOT NULL)")
            for row in rows {
                try database.execute(
                    sql: "INSERT INTO audit VALUES (?, ?, ?)",
                    arguments: [row.sequence, Data(row.payload), Data(row.hash.bytes)])
            }
        }
        #expect(try AuditLog.verification(ofFile: path, signature: nil).entries == 3)
        #expect(try AuditLog.verification(ofFile: path, signature: nil).faults.isEmpty)
        let unsigned = try AuditLog.verification(ofFile: path) { _, _ in true }
        #expect(unsigned.faults == [.signature(1), .signature(2), .signature(3)])
        #expect(try await old.read { try $0.tableExists("grdb_migrations") } == false)
        let empty = kit.folder.path("empty.sqlite")
        try Data().write(to: URL(filePath: empty))
        #expect(try AuditLog.verification(ofFile: empty, signature: nil).entries == 0)
    }

    @Test("names what was changed also behind a hundred entries of before there were signatures")
    func manyUnsigned() async throws {
        let kit = try await filled(130)
        try await kit.tamper("UPDATE audit SET payload = x'00' WHERE sequence = 125")
        let faults = try await kit.identity.audit.verify { _, _ in true }.faults
        #expect(faults.count { if case .signature = $0 { true } else { false } } == 100)
        #expect(faults.contains(.changed(125)))
    }

    @Test("is not filled by strangers: what they cause is counted after a while")
    func strangers() async throws {
        let clock = TestClock()
        let allowance = AuditAllowance(clock: clock, most: 3, interval: .seconds(60))
        #expect((0..<5).map { _ in allowance.take() } == [0, 0, 0, nil, nil])
        clock.advance(by: .seconds(60))
        #expect((0..<2).map { _ in allowance.take() } == [2, nil])
        clock.advance(by: .seconds(86_400))
        #expect((0..<5).map { _ in allowance.take() } == [1, 0, 0, nil, nil])

        let kit = try await IdentityKit()
        try await kit.add("Ada", .owner)
        for number in 0..<90 {
            let request = LoginRequest(name: "Ada", password: Secret("guess"))
            let origin = RequestOrigin(address: "203.0.113.\(number)")
            _ = await refusal { _ = try await kit.identity.login.logIn(request, from: origin) }
        }
        #expect(try await kit.actions().count == 61)
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
    }

    @Test("is not filled by somebody who logs in again and again: what they cause is counted after a while")
    func ownLogins() async throws {
        let kit = try await IdentityKit {
            $0.ownEntriesAtOnce = 3
            $0.ownEntryInterval = .seconds(60)
        }
        try await kit.add("Ada", .owner)
        try await kit.add("Bob", .member)
        for _ in 0..<5 { _ = try await kit.logIn("Bob") }
        #expect(try await kit.actions().count { $0 == "login" } == 3)
        _ = try await kit.logIn("Ada")
        #expect(try await kit.actions().count { $0 == "login" } == 4, "others are not affected")
        kit.monotonic.advance(by: .seconds(60))
        _ = try await kit.logIn("Bob")
        let entry = try #require(try await kit.identity.audit.head()).content()
        #expect(entry.action == "login" && entry.name == "Bob" && entry.details["omitted"] == "2")
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
    }

    @Test("tells what somebody was refused, and is not filled by it; logins are told all the same")
    func refusals() async throws {
        let kit = try await IdentityKit {
            $0.ownEntriesAtOnce = 5
            $0.refusalsAtOnce = 3
            $0.refusalInterval = .seconds(60)
        }
        try await kit.add("Ada", .owner)
        let bob = try await kit.add("Bob", .member)
        let caller = try await kit.caller("Bob")
        for _ in 0..<50 { try await kit.identity.audit.recordRefusal(of: "GET /api/v1/users", by: caller) }
        let entries = try await kit.entries().filter { $0.action == "access_refused" }
        #expect(entries.count == 3)
        let entry = try #require(entries.first)
        #expect(entry.details == ["operation": "GET /api/v1/users"] && entry.account == bob.id.description)
        #expect(entry.name == "Bob" && entry.address == "192.168.1.20")
        _ = try await kit.logIn("Bob")
        let newest = try #require(try await kit.identity.audit.head()).content()
        #expect(newest.action == "login", "logins have an allowance of their own")
        try await kit.identity.audit.recordRefusal(of: "GET /api/v1/users", by: try await kit.caller("Ada"))
        #expect(try await kit.actions().count { $0 == "access_refused" } == 4, "others are not affected")
        kit.monotonic.advance(by: .seconds(60))
        try await kit.identity.audit.recordRefusal(of: "DELETE /api/v1/users", by: caller)
        #expect(try await kit.identity.audit.head()?.content().details["omitted"] == "47")
        #expect(try await kit.identity.audit.verify().faults.isEmpty)
    }

    @Test("of one account alone is not filled before its entries are old enough to go")
    func budget() {
        let settings = IdentitySettings()
        let days = settings.auditAge / .seconds(86_400)
        let own = 2 * (Double(settings.ownEntriesAtOnce) + settings.auditAge / settings.ownEntryInterval)
        let refused = Double(settings.refusalsAtOnce) + settings.auditAge / settings.refusalInterval
        #expect(days == 400 && own + refused < Double(settings.auditEntries))
    }

    @Test("is not filled by changes of one's own account: beyond some they are refused, and nothing is changed unseen")
    func ownChanges() async throws {
        let kit = try await IdentityKit {
            $0.ownEntriesAtOnce = 2
            $0.ownEntryInterval = .seconds(60)
        }
        try await kit.add("Ada", .owner)
        let bob = try await kit.add("Bob", .member)
        let (tokens, caller) = (kit.identity.tokens, try await kit.caller("Bob"))
        let (request, password) = (TokenRequest(name: "script", scope: [.readEvents]), IdentityKit.password(of: "Bob"))
        for _ in 0..<2 {
            let made = try await tokens.create(request, for: bob.id, password: password, by: caller)
            try await tokens.revoke(made.token.id, by: caller)
        }
        let error = await #expect(throws: GuardianError.self) {
            _ = try await tokens.create(request, for: bob.id, password: password, by: caller)
        }
        #expect(error?.code == .resourceExhausted && error?.context["retryAfter"] == "60")
        #expect(try await tokens.list(of: bob.id, by: caller).isEmpty)
        #expect(try await kit.actions().count { $0 == "token_created" } == 2)
        // Root's own work is not refused.
        _ = try await tokens.create(request, for: bob.id, by: .localRoot)
        kit.monotonic.advance(by: .seconds(60))
        _ = try await tokens.create(request, for: bob.id, password: password, by: caller)
    }

    @Test("bounds what it is given")
    func bounds() async throws {
        let kit = try await IdentityKit()
        let details = Dictionary(
            uniqueKeysWithValues: (0..<100).map { ("key \($0)", String(repeating: "ü\n", count: 10_000)) })
        try await kit.identity.audit.record(
            .settingsChanged, by: .localRoot, about: String(repeating: "x", count: 100_000), details)
        let entry = try #require(try await kit.identity.audit.head())
        #expect(entry.payload.count < 8_000)
        #expect(try entry.content().details.count == 16)
    }
}
