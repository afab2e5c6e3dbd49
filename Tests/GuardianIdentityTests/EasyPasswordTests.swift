import GuardianCore
import GuardianIdentity
import GuardianTestKit
import Testing

@Suite("Passwords that are guessed first")
struct EasyPasswordTests {
    private static func isRefused(_ password: String, names: [String] = ["Ada Lovelace", "nuc-hall.local"]) -> Bool {
        do {
            try PasswordRules.check(Secret(password), names: names)
            return false
        } catch { return (error as? GuardianError)?.code == .invalidArgument }
    }

    /// Each kind of which public lists of leaked passwords are full, with some that stand there among the first 3,000.
    @Test(
        "are refused, of whatever kind they are",
        arguments: [
            // Words and names, with what people put before and behind them.
            "sunshine", "basketba", "alexander", "iloveyou", "password1", "michael1", "charlie1", "hello123",
            "mustang1", "super123",
            "thunder1", "summer2025", "Winter1987!", "liverpool1", "monkey123", "1password", "!!dragon!!", "jordan23",
            "agent007",
            "Samsung1!", "football12", "chelsea99",
            // In letters that look like others, and backwards.
            "p@ssw0rd", "P4ssw0rd1", "pa55word", "5unsh1ne", "drag0n123", "drowssap", "1drowssap",
            // Keys in a row, on three keyboards and on the block of digits.
            "qwertyui", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm,", "1qaz2wsx", "zaq12wsx", "!QAZ2wsx",
            "qazwsxedc", "1q2w3e4r5t",
            "q1w2e3r4", "qweasdzxc", "123qweasd", "poiuytrewq", "147258369", "789456123", "741852963", "mnbvcxz1",
            "4rfv5tgb",
            // Sequences and repetitions.
            "12345678", "9876543210", "123456789a", "abcdefgh", "13579135", "aaaaaaaa", "11111111", "abcabcabc",
            "123123123", "12121212",
            "xyxyxyxy", "11223344", "a1b2c3d4", "1a2b3c4d5e", "abcd1234", "12344321", "passpass", "lovelove",
            "qweqweqwe",
            "--------", "        .",
            // Years and dates.
            "19841984", "24121987", "19871224", "12241987", "summer19",
        ])
    func kinds(password: String) { #expect(Self.isRefused(password)) }

    @Test(
        "are those of the product, of the machine and of the person, whatever stands around them",
        arguments: [
            "guardian", "Guardian1!", "guardian2026", "GuardianCamera", "camera-admin", "c4mera123", "nvr-recorder",
            "videosurveillance", "adaadaada", "lovelace", "Lovelace1815", "ada.lovelace", "ecalevol!", "adalovelace1!",
            "nuc-hall1",
            "nuc-hall.local", "nuchall2026", "owner@nuc-hall", "home-security",
        ])
    func context(password: String) { #expect(Self.isRefused(password)) }

    @Test("count a person's and a machine's names for that person and that machine only")
    func others() {
        #expect(!Self.isRefused("Rumpelstilz1815", names: ["Ada", "recorder"]))
        #expect(Self.isRefused("Rumpelstilz1815", names: ["Rumpelstilz", "recorder"]))
    }

    @Test(
        "are not those that somebody thought up",
        arguments: [
            "correct horse battery", "another horse", "no digits or signs", "8letters", "ünïcödé!",
            "the password of Ada Lovelace",
            "a long password", "my camera in the hall", "tea with seven elephants", "Kaffee um halb neun", "xK9#mQ2$vL",
            "gnomish-tuba",
            "rivers run past adam", "Guardian of the seven seas", "purple bicycle", "sunshine over leeds",
        ])
    func good(password: String) { #expect(!Self.isRefused(password)) }

    @Test("are found among the longest and the strangest, too, and nothing that is typed ends the process")
    func long() {
        let varied = (0..<128).map { String(Character(Unicode.Scalar(UInt8(33 + $0 * 37 % 90)))) }.joined()
        #expect(varied.unicodeScalars.count == 128 && !Self.isRefused(varied))
        #expect(Self.isRefused(String(repeating: "w", count: 128)))
        #expect(Self.isRefused(String(repeating: "letmein", count: 18)))
        var input = HostileInput(seed: 41)
        for _ in 0..<HostileInput.count(300) {
            let password = String(decoding: input.changed(Array("Guardian1987qwertz".utf8)), as: UTF8.self)
            #expect(Self.isRefused(password) || PasswordRules.lengths.contains(password.unicodeScalars.count))
        }
    }

    @Test("are refused wherever somebody chooses one, and those that are there already go on working")
    func everywhere() async throws {
        let kit = try await IdentityKit { $0.names = ["nuc-hall"] }
        let (identity, origin) = (kit.identity, IdentityKit.home)
        let secret = try #require(try await identity.setup.prepare(file: kit.folder.path("setup.secret")))
        for easy in ["nuc-hall1", "Gertrude1", "guardian1"] {
            let made = await refusal {
                _ = try await identity.setup.complete(secret, name: "Gertrude", password: Secret(easy), from: origin)
            }
            #expect(made == .invalidArgument)
        }
        let owner = try await kit.add("Gertrude", .owner)
        let caller = try await kit.caller("Gertrude")
        for easy in ["nuc-hall1", "Gertrude1", "guardian1"] {
            let changed = await refusal {
                _ = try await identity.passwords.change(
                    current: IdentityKit.password(of: "Gertrude"), to: Secret(easy), by: caller)
            }
            let reset = await refusal {
                try await identity.passwords.reset(owner.id, to: Secret(easy), by: .localRoot)
            }
            let invited = NewAccount(name: "Gertrude", password: Secret(easy), role: .member)
            try await identity.accounts.change(owner.id, AccountChange(name: "Somebody"), by: .localRoot)
            let added = await refusal { _ = try await identity.accounts.create(invited, by: .localRoot) }
            try await identity.accounts.change(owner.id, AccountChange(name: "Gertrude"), by: .localRoot)
            #expect(changed == .invalidArgument && reset == .invalidArgument && added == .invalidArgument)
        }
        // Called so later.
        try await identity.accounts.change(
            owner.id, AccountChange(name: "the password of Gertrude"), by: .localRoot)
        let outcome = try await identity.login.logIn(
            LoginRequest(name: "the password of Gertrude", password: IdentityKit.password(of: "Gertrude")),
            from: origin)
        guard case .loggedIn = outcome else { throw GuardianError(.internal, "refused") }
    }
}
