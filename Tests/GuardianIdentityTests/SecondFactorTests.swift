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
        /// The caller's, with the secret that it has since the factor was turned on.
        let session: NewSession

        init() async throws {
            kit = try await IdentityKit()
            account = try await kit.add("Ada", .owner).id
            caller = try await kit.caller("Ada")
            let link = try await kit.identity.secondFactors.begin(
                password: IdentityKit.password(of: "Ada"), by: caller
            ).reveal()
            code = try await Self.key(of: link, kit)
            let new = try await kit.identity.secondFactors.confirm(
                Secret(code.code(step: TimeCode.step(at: kit.clock.now()))), by: caller)
            (recovery, session) = (new.codes, new.session)
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
        #expect(account.recoveryCodesLeft == RecoveryCodes.count)
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
        #expect(try await ada.kit.identity.accounts.account(ada.account, by: ada.caller).recoveryCodesLeft == 9)
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
        #expect(await refusal { _ = try await factors.begin(password: nil, by: ada.caller) } == .failedPrecondition)
        #expect(
            await refusal { _ = try await factors.turnOff(code: Secret("000000"), by: ada.caller) } == .permissionDenied
        )
        #expect(await refusal { try await factors.turnOff(of: ada.account, by: ada.caller) } == .failedPrecondition)
        _ = try await factors.turnOff(code: ada.current, by: ada.caller)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "a code was asked for") }
        #expect(try await ada.kit.identity.accounts.account(ada.account, by: ada.caller).recoveryCodesLeft == nil)
        #expect(
            await refusal { _ = try await factors.turnOff(code: ada.current, by: ada.caller) } == .failedPrecondition)
        _ = try await factors.begin(password: IdentityKit.password(of: "Ada"), by: ada.caller)
        #expect(await refusal { _ = try await factors.confirm(ada.current, by: ada.caller) } == .invalidArgument)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "not confirmed yet") }
        #expect(await refusal { _ = try await factors.begin(password: nil, by: .localRoot) } == .failedPrecondition)
    }

    @Test("is turned on after the password, which is throttled and recorded as at a login, and by nobody's token")
    func proof() async throws {
        let kit = try await IdentityKit()
        let account = try await kit.add("Ada", .owner).id
        let (factors, caller) = (kit.identity.secondFactors, try await kit.caller("Ada"))
        var codes: [GuardianError.Code?] = []
        for wrong in [nil, "", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong"] as [String?] {
            codes.append(await refusal { _ = try await factors.begin(password: wrong.map(Secret.init), by: caller) })
        }
        #expect(codes.prefix(5).allSatisfy { $0 == .permissionDenied } && codes.last == .resourceExhausted)
        #expect(try await kit.stored("SELECT account FROM second_factors").isEmpty)
        #expect(try await kit.actions().contains("proof_failed"))
        kit.monotonic.advance(by: .seconds(60))
        _ = try await factors.begin(password: IdentityKit.password(of: "Ada"), by: caller)
        let token = try await kit.identity.tokens.create(
            TokenRequest(name: "script", scope: [.ownAccount]), for: account,
            password: IdentityKit.password(of: "Ada"), by: caller)
        let principal = try #require(
            try await kit.identity.access.principal(token: token.secret, from: IdentityKit.home))
        let program = Caller(principal, from: IdentityKit.home)
        let begun = await refusal {
            _ = try await factors.begin(password: IdentityKit.password(of: "Ada"), by: program)
        }
        #expect(begun == .permissionDenied)
        #expect(await refusal { _ = try await factors.confirm(Secret("000000"), by: program) } == .permissionDenied)
        let off = await refusal { _ = try await factors.turnOff(code: Secret("000000"), by: program) }
        #expect(off == .permissionDenied)
    }

    @Test("that is turned on, changed or turned off ends other sessions, copies of one's own, and the login link")
    func others() async throws {
        let ada = try await Enrolled()
        let (kit, factors) = (ada.kit, ada.kit.identity.secondFactors)
        #expect(ada.caller.principal.credential == .session(ada.session.session.id))
        #expect(try await kit.principal(ada.session)?.name == "Ada", "whoever turned it on is logged in")
        let changes: [@Sendable () async throws -> NewSession] = [
            { try await factors.renewRecoveryCodes(code: ada.current, by: ada.caller).session },
            { try await factors.turnOff(code: ada.current, by: ada.caller) },
            {
                let password = IdentityKit.password(of: "Ada")
                let link = try await factors.begin(password: password, by: ada.caller).reveal()
                let row = try #require(try await kit.stored("SELECT secret FROM second_factors").first)
                let code = TimeCode(key: Array(row["secret"] as Data))
                #expect(link.contains(Base32.encode(code.key)))
                let now = TimeCode.step(at: kit.clock.now())
                return try await factors.confirm(Secret(code.code(step: now)), by: ada.caller).session
            },
        ]
        var current = ada.session
        for (number, change) in changes.enumerated() {
            // The first of them still asks for a code; the recovery codes that are here are used up before they are replaced.
            let other: NewSession
            if number == 0 {
                guard case .loggedIn(let session) = try await ada.logIn(ada.recovery.first) else {
                    throw GuardianError(.internal, "refused")
                }
                other = session
            } else {
                let link = try await kit.identity.links.make(for: ada.account, by: .localRoot)
                other = try await kit.identity.links.redeem(
                    link.secret, isRemembered: false, from: IdentityKit.away)
            }
            _ = try await kit.identity.links.make(for: ada.account, by: .localRoot)
            #expect(try await kit.principal(other) != nil)
            let renewed = try await change()
            #expect(try await kit.principal(other) == nil, "change \(number)")
            #expect(try await kit.principal(current) == nil, "a copy of the cookie is of no use")
            #expect(try await kit.principal(renewed)?.name == "Ada")
            #expect(try await kit.stored("SELECT account FROM login_links").isEmpty)
            current = renewed
            kit.pass(.seconds(90))
        }
        #expect(try await kit.identity.sessions.list(of: ada.account, by: ada.caller).count == 1)
    }

    @Test("that somebody else turns off ends the sessions of its person, who may have lost the phone with one of them")
    func byOthers() async throws {
        let ada = try await Enrolled()
        try await ada.kit.identity.secondFactors.turnOff(of: ada.account, by: .localRoot)
        #expect(try await ada.kit.principal(ada.session) == nil)
    }

    @Test("lets somebody in with a recovery code of 80 bits that was made before codes had more")
    func earlierCode() async throws {
        let ada = try await Enrolled()
        // SHA-256 of MZXW6YTBOI234567.
        try await ada.kit.tamper(
            """
            INSERT INTO recovery_codes SELECT account,
                x'45c79e687fdc43dc462edd200b65e439737d7caf31ac32f65b3a5c809c5e42f4' FROM second_factors
            """)
        let code = Secret("MZXW-6YTB-OI23-4567")
        guard case .loggedIn = try await ada.logIn(code) else { throw GuardianError(.internal, "refused") }
        #expect(await refusal { _ = try await ada.logIn(code) } == .unauthenticated)
    }

    @Test("of somebody who lost the phone is turned off by root, or lets them in with a recovery code")
    func lostPhone() async throws {
        let ada = try await Enrolled()
        let factors = ada.kit.identity.secondFactors
        let typed = Secret(try #require(ada.recovery.last).reveal().lowercased().replacing("-", with: " "))
        guard case .loggedIn = try await ada.logIn(typed) else { throw GuardianError(.internal, "refused") }
        #expect(await refusal { _ = try await ada.logIn(typed) } == .unauthenticated)
        let next = try await factors.renewRecoveryCodes(code: ada.current, by: ada.caller).codes
        #expect(next.count == 10 && Set(next).isDisjoint(with: ada.recovery))
        #expect(await refusal { _ = try await ada.logIn(ada.recovery.first) } == .unauthenticated)
        try await factors.turnOff(of: ada.account, by: .localRoot)
        guard case .loggedIn = try await ada.logIn(nil) else { throw GuardianError(.internal, "a code was asked for") }
        #expect(try await ada.kit.actions().contains("second_factor_off"))
    }
}
