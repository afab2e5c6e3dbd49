import Foundation
import GuardianCore
import GuardianNode
import GuardianTestKit
import Testing

@Suite("The registry of tenants, codes and devices")
struct RegistryTests {
    private let folder = TemporaryFolder()
    private let registry: SQLiteRegistry
    private let start = Timestamp(milliseconds: 1_790_000_000_000)
    private let secret = Hash256(digest: Array(repeating: 1, count: 32))

    init() throws { registry = try SQLiteRegistry(path: folder.path("registry.sqlite")) }

    private func device(_ number: UInt8) -> Hash256 { Hash256(digest: Array(repeating: number, count: 32)) }

    private func applicant(_ number: UInt8, after: Duration = .zero) -> Applicant {
        Applicant(device: device(number), name: "edge \(number)", address: "192.0.2.\(number)", at: start + after)
    }

    private func addCode(_ prefix: String = "ABCDEFGH", tenant: TenantName = .home, for time: Duration = .seconds(60))
        async throws
    {
        try await registry.addCode(
            NewCode(
                prefix: prefix, secretDigest: secret, tenant: tenant, createdAt: start, endsAt: start + time))
    }

    private func redeem(_ applicant: Applicant, _ prefix: String = "ABCDEFGH", secret other: Hash256? = nil)
        async throws -> CodeVerdict
    {
        try await registry.redeem(CodeClaim(prefix: prefix, secretDigest: other ?? secret, applicant: applicant))
    }

    @Test("has the home tenant from the beginning, and each name once")
    func tenants() async throws {
        #expect(try await registry.tenants() == [.home])
        let miller = try #require(TenantName("miller"))
        #expect(try await !registry.hasTenant(miller))
        try await registry.addTenant(miller, at: start)
        #expect(try await registry.hasTenant(miller))
        #expect(try await registry.tenants() == [.home, miller])
        let error = await #expect(throws: GuardianError.self) { try await registry.addTenant(miller, at: start) }
        #expect(error?.code == .alreadyExists)
        let reserved = await #expect(throws: GuardianError.self) { try await registry.addTenant(.operators, at: start) }
        #expect(reserved?.code == .invalidArgument)
        let unknown = try #require(TenantName("unknown"))
        let missing = await #expect(throws: GuardianError.self) { try await addCode(tenant: unknown) }
        #expect(missing?.code == .notFound)
    }

    @Test(
        "takes only names that are safe",
        arguments: ["", "-a", "a-", "A", "a b", "a/b", "ä", String(repeating: "a", count: 41)])
    func names(text: String) { #expect(TenantName(text) == nil) }

    @Test("accepts the device of a code once, and again when its answer was lost")
    func code() async throws {
        try await addCode()
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        let known = try #require(try await registry.device(device(1)))
        #expect(known.state == .accepted)
        #expect(known.tenant == .home)
        #expect(known.name == "edge 1")
    }

    @Test("keeps the name by which the operator knows a device, whatever it calls itself later")
    func names() async throws {
        try await addCode()
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        var renewing = applicant(1, after: .seconds(86_400))
        (renewing.name, renewing.address) = ("localhost", "192.0.2.99")
        _ = try await registry.ask(renewing)
        let known = try #require(try await registry.device(device(1)))
        #expect(known.name == "edge 1" && known.address == "192.0.2.99")
    }

    @Test("tells the second of two devices with one code, and shows it to the operator")
    func late() async throws {
        try await addCode()
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        #expect(try await redeem(applicant(2, after: .seconds(5))) == .used)
        let code = try #require(try await registry.codes(of: .home).first)
        #expect(code.used?.device == device(1))
        #expect(code.lateCount == 1)
        let late = try #require(code.late)
        #expect(late.at == start + .seconds(5))
        #expect(late.device == device(2))
        #expect(late.address == "192.0.2.2")
        #expect(try await registry.device(device(2)) == nil)
    }

    @Test("lets one of many racers win")
    func race() async throws {
        try await addCode()
        let verdicts = try await withThrowingTaskGroup(of: CodeVerdict.self) { group in
            for number in 1...20 { group.addTask { try await redeem(applicant(UInt8(number))) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count { $0 == .accepted(.home) } == 1)
        #expect(verdicts.count { $0 == .used } == 19)
        #expect(try await registry.codes(of: .home).first?.lateCount == 19)
        #expect(try await registry.devices().count == 1)
    }

    @Test("does not tell a wrong secret from an unknown prefix, and keeps the code good")
    func guessing() async throws {
        try await addCode()
        let other = Hash256(digest: Array(repeating: 2, count: 32))
        #expect(try await redeem(applicant(1), secret: other) == .wrong)
        #expect(try await redeem(applicant(1), "HHHHHHHH") == .wrong)
        #expect(try await redeem(applicant(1), "") == .wrong)
        #expect(try await redeem(applicant(1)) == .accepted(.home))
    }

    @Test("refuses a code from its end on")
    func end() async throws {
        try await addCode(for: .seconds(60))
        #expect(try await redeem(applicant(1, after: .seconds(60))) == .ended)
        #expect(try await redeem(applicant(1, after: .milliseconds(59_999))) == .accepted(.home))
    }

    @Test(
        "refuses codes to devices that are locked, retired or another tenant's",
        arguments: [DeviceDecision.lock, .retire])
    func refused(decision: DeviceDecision) async throws {
        try await addCode()
        try await addCode("BBBBBBBB")
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        let device = try await registry.decide(decision, about: device(1), tenant: nil, at: start)
        #expect(try await redeem(applicant(1)) == .refused(device.state))
        #expect(try await redeem(applicant(1), "BBBBBBBB") == .refused(device.state))
        #expect(try await registry.codes(of: .home).first { $0.prefix == "BBBBBBBB" }?.used == nil)
    }

    @Test("keeps a device with its tenant")
    func otherTenant() async throws {
        let miller = try #require(TenantName("miller"))
        try await registry.addTenant(miller, at: start)
        try await addCode()
        try await addCode("BBBBBBBB", tenant: miller)
        #expect(try await redeem(applicant(1)) == .accepted(.home))
        #expect(try await redeem(applicant(1), "BBBBBBBB") == .refused(.accepted))
        let error = await #expect(throws: GuardianError.self) {
            try await registry.decide(.accept, about: device(1), tenant: miller, at: start)
        }
        #expect(error?.code == .failedPrecondition)
        #expect(try await registry.device(device(1))?.tenant == .home)
    }

    @Test("lets a device without a code wait until it is accepted for a tenant")
    func pending() async throws {
        let first = try await registry.ask(applicant(1))
        #expect(first.isNew)
        #expect(first.device.state == .pending)
        #expect(first.device.tenant == nil)
        #expect(try await registry.ask(applicant(1, after: .seconds(5))).isNew == false)
        let error = await #expect(throws: GuardianError.self) {
            try await registry.decide(.accept, about: device(1), tenant: nil, at: start)
        }
        #expect(error?.code == .invalidArgument)
        let accepted = try await registry.decide(.accept, about: device(1), tenant: .home, at: start + .seconds(9))
        #expect(accepted.state == .accepted)
        #expect(accepted.tenant == .home)
        #expect(accepted.changedAt == start + .seconds(9))
    }

    @Test("bounds those that wait, and forgets who has not asked for a day")
    func bound() async throws {
        for number in 0..<RegistryLimits.pending {
            let device = Hash256(digest: [UInt8(number / 256), UInt8(number % 256)] + Array(repeating: 9, count: 30))
            _ = try await registry.ask(Applicant(device: device, name: "", address: "", at: start))
        }
        let error = await #expect(throws: GuardianError.self) {
            try await registry.ask(applicant(1, after: .seconds(3_600)))
        }
        #expect(error?.code == .resourceExhausted)
        #expect(try await registry.ask(applicant(1, after: .seconds(86_401))).isNew)
        #expect(try await registry.devices().count == 1)
    }

    @Test("bounds a tenant's open codes")
    func codeBound() async throws {
        for number in 0..<RegistryLimits.codes { try await addCode("C\(number)") }
        let error = await #expect(throws: GuardianError.self) { try await addCode("ONEMORE0") }
        #expect(error?.code == .resourceExhausted)
    }

    @Test("counts what may take a right from a device, also by another process")
    func generation() async throws {
        try await addCode()
        _ = try await redeem(applicant(1))
        let before = try await registry.generation()
        _ = try await registry.ask(applicant(1, after: .seconds(120)))
        try await registry.noteCertificate(of: device(1), until: start)
        #expect(try await registry.generation() == before)
        let other = try SQLiteRegistry(path: folder.path("registry.sqlite"))
        _ = try await other.decide(.lock, about: device(1), tenant: nil, at: start)
        #expect(try await registry.generation() > before)
        try other.close()
    }

    @Test("knows no device that never asked")
    func unknown() async throws {
        let error = await #expect(throws: GuardianError.self) {
            try await registry.decide(.lock, about: device(1), tenant: nil, at: start)
        }
        #expect(error?.code == .notFound)
    }
}
