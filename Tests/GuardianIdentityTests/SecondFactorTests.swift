import Foundation
import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("A second factor")
struct SecondFactorTests {
    /// An account with a second factor that is on.
    private struct Enrolled {
        let kit: IdentityKit
        let caller: Caller
        let account: AccountID
        let code: TimeCode
        let recovery: [Secret<String>]

        init() async throws {
            kit = try await IdentityKit()
            account = try await kit.add("Ada", .owner).id
            caller = try await kit.caller("Ada")
            let link = try await kit.identity.secondFactors.begin(by: caller).reveal()
            code = try await Self.key(of: link, kit)
            recovery = try await kit.identity.secondFactors.confirm(
                Secret(code.code(step: TimeCode.step(at: kit.clock.now()))), by: caller)
            kit.pass(.seconds(90))
        }

        /// The key is read from the file: the link is checked against it.
        private static func key(of link: String, _ kit: IdentityKit) async throws -> TimeCode {
            let row = try #require(try await kit.stored("SELECT secret FROM second_factors").first)
            let code = TimeCode(key: Array(row["secret"] as Data))
            #expect(link == code.link(issuer: "Guardian", account: "Ada"))
            return code
        }

        var current: Secret<String> { Secret(code.code(step: TimeCode.step(at: kit.clock.now()))) }

        func logIn(_ code: Secret<String>?, _ password: String = "the password of Ada") async throws -> Login.Outcome {
            try await kit.identity.login.logIn(
                LoginRequest(name: "Ada", password: Secret(password), code: code), from: IdentityKit.home)
        }
    }

    @Test("is asked for after the right password only, and a code is good once")
    func login() async throws {
        let ada = try await Enrolled()
        #expect(await refusal { _ = try await ada.logIn(nil, "wrong") } == .unauthenticated)
        #expect(await refusal { _ = try await ada.logIn(ada.current, "wrong") } == .unauthenticated)
        guard case .codeNeeded = try await ada.logIn(nil) else {
            throw GuardianError(.internal, "no code was asked for")
        }
        #expect(await refusal { _ = try await ada.logIn(Secret("000000")) } == .unauthenticated)
        guard case .loggedIn = try await ada.logIn(ada.current) else { throw GuardianError(.internal, "refused") }
        let error = await #expect(throws: GuardianError.self) { _ = try await ada.logIn(ada.current) }
        #expect(error?.code == .unauthenticated && error?.context["field"] == "code")
        let account = try await ada.kit.identity.accounts.account(ada.account, by: ada.caller)
        #expect(account.hasSecondFactor)
    }

    @Test("lets one of many through who type the same code at once")
    func race() async throws {
        let ada = try await Enrolled()
        for code in [ada.current, try #require(ada.recovery.first)] {
            let logins = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        guard case .loggedIn? = try? await ada.logIn(code) else { return false }
                        return true
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(logins == 1)
            ada.kit.monotonic.advance(by: .seconds(3600))
        }
        #expect(try await ada.kit.identity.secondFactors.recoveryCodesLeft(by: ada.caller) == 9)
        #expect(try await ada.kit.actions().filter { $0 == "recovery_code_used" }.count == 1)
    }

    @Test("cannot be guessed: wrong codes are throttled like passwords, also with the right password")
    func guessing() async throws {
        let ada = try await Enrolled()
        var codes: [GuardianError.Code?] = []
        for number in 0..<8 {
            _ = try? await ada.logIn(nil)
            codes.append(await refusal { _ = try await ada.logIn(Secret("00000\(number)")) })
        }
        #expect(codes.contains(.resourceExhausted))
        #expect(codes.filter { $0 == .unauthenticated }.count <= 6)
    }

    @Test("counts once a code confirmed it, and is turned off with a code, or by somebody who manages people")
    func turningOff() async throws {
        let ada = try await Enrolled()
        let factors = ada.kit.identity.secondFactors
        #expect(await refusal { _ = try await factors.begin(by: ada.caller) } == .failedPrecondition)
        #expect(
            await refusal { try await factors.turnOff(code: Secret("000000"), by: ada.caller) } == .permissionDenied)
        #expect(await refusal { try await factors.turnOff(of: ada.account, by: ada.caller) } == .failedPrecondition)
        try await factors.turnOff(code: ada.current, by: ada.caller)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "a code was asked for") }
        #expect(try await factors.recoveryCodesLeft(by: ada.caller) == nil)
        #expect(await refusal { try await factors.turnOff(code: ada.current, by: ada.caller) } == .failedPrecondition)
        _ = try await factors.begin(by: ada.caller)
        #expect(await refusal { _ = try await factors.confirm(ada.current, by: ada.caller) } == .invalidArgument)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "not confirmed yet") }
        #expect(await refusal { _ = try await factors.begin(by: .localRoot) } == .failedPrecondition)
    }

    @Test("of somebody who lost the phone is turned off by root, or lets them in with a recovery code")
    func lostPhone() async throws {
        let ada = try await Enrolled()
        let factors = ada.kit.identity.secondFactors
        let typed = Secret(try #require(ada.recovery.last).reveal().lowercased().replacing("-", with: " "))
        guard case .loggedIn = try await ada.logIn(typed) else { throw GuardianError(.internal, "refused") }
        #expect(await refusal { _ = try await ada.logIn(typed) } == .unauthenticated)
        let next = try await factors.renewRecoveryCodes(code: ada.current, by: ada.caller)
        #expect(next.count == 10 && Set(next).isDisjoint(with: ada.recovery))
        #expect(await refusal { _ = try await ada.logIn(ada.recovery.first) } == .unauthenticated)
        try await factors.turnOff(of: ada.account, by: .localRoot)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "a code was asked for") }
        #expect(try await ada.kit.actions().contains("second_factor_off"))
    }
}
