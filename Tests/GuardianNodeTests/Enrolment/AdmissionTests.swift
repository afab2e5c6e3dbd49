import Foundation
import GuardianCore
import GuardianNode
import GuardianTestKit
import GuardianWire
import Testing

@Suite("Admission of devices")
struct AdmissionTests {
    private let folder = TemporaryFolder()
    private let registry: SQLiteRegistry
    private let clock = TestClock()
    private let log = LogBook()
    private let admission: RegistryAdmission
    private let device = Hash256(digest: Array(repeating: 1, count: 32))

    init() throws {
        registry = try SQLiteRegistry(path: folder.path("registry.sqlite"))
        admission = RegistryAdmission(registry: registry, monotonic: clock, logger: log.logger)
    }

    /// Makes a device of the home tenant with this state.
    private func device(_ state: DeviceState) async throws {
        _ = try await registry.ask(Applicant(device: device, name: "", address: "", at: Sample.start))
        let decisions: [DeviceDecision] =
            switch state {
            case .pending: []
            case .accepted: [.accept]
            case .locked: [.accept, .lock]
            case .retired: [.accept, .retire]
            }
        for decision in decisions {
            _ = try await registry.decide(decision, about: device, tenant: .home, at: Sample.start)
        }
    }

    private func isAdmitted(_ identity: DeviceIdentity) async throws -> Bool {
        do {
            try await admission.admit(identity)
            return true
        } catch let error as GuardianError where error.code == .permissionDenied { return false }
    }

    @Test(
        "lets in accepted devices with the node's certificates, and by hand those that are not locked",
        arguments: DeviceState.allCases)
    func states(state: DeviceState) async throws {
        try await device(state)
        let enrolled = DeviceIdentity(enrolledTenant: .home, fingerprint: device)
        #expect(try await isAdmitted(enrolled) == (state == .accepted))
        let byHand = DeviceIdentity(fingerprint: device)
        #expect(try await isAdmitted(byHand) == [.accepted, .pending].contains(state))
        let other = DeviceIdentity(enrolledTenant: TenantName("other"), fingerprint: device)
        #expect(try await !isAdmitted(other))
    }

    @Test("refuses devices with the node's certificates that it does not know, and lets in those by hand")
    func unknown() async throws {
        #expect(try await !isAdmitted(DeviceIdentity(enrolledTenant: .home, fingerprint: device)))
        #expect(try await isAdmitted(DeviceIdentity(fingerprint: device)))
    }

    @Test("without enrolment lets in certificates by hand alone")
    func configured() async throws {
        let admission = ConfiguredAdmission()
        try await admission.admit(DeviceIdentity(fingerprint: device))
        let error = await #expect(throws: GuardianError.self) {
            try await admission.admit(DeviceIdentity(enrolledTenant: .home, fingerprint: device))
        }
        #expect(error?.code == .permissionDenied)
    }

    @Test(
        "notices within a second what another process changed", .timeLimit(.minutes(10)),
        arguments: [DeviceDecision.lock, .retire])
    func change(decision: DeviceDecision) async throws {
        try await device(.accepted)
        let identity = DeviceIdentity(enrolledTenant: .home, fingerprint: device)
        let other = try SQLiteRegistry(path: folder.path("registry.sqlite"))
        try await withThrowingTaskGroup(of: GuardianError?.self) { group in
            group.addTask {
                try? await admission.run()
                return nil
            }
            group.addTask { try await admission.untilRefused(identity) }
            try await clock.waitForSleepers(1)
            _ = try await other.decide(decision, about: device, tenant: nil, at: Sample.start)
            clock.advance(by: .seconds(1))
            let refusal = try await group.next() ?? nil
            #expect(refusal?.code == .permissionDenied)
            group.cancelAll()
        }
        try other.close()
    }
}
