import Foundation
import GuardianArchive
import GuardianCore
import Testing

@Suite("A secret under a passphrase")
struct LockedSecretTests {
    let secret = OwnerSecret()

    /// The cheapest parameters of Argon2id, since these tests are not about its cost.
    private func lock(_ passphrase: String) throws -> LockedSecret {
        try LockedSecret(secret, passphrase: Secret(passphrase), passes: 1, memory: 8192)
    }

    @Test("opens with its passphrase, also when that is typed with combining accents")
    func unlock() throws {
        let locked = try LockedSecret(text: "\n" + lock("gr\u{FC}n ist die Heide").text + " \n")
        #expect(try locked.unlock(Secret("gr\u{FC}n ist die Heide")) == secret)
        #expect(try locked.unlock(Secret("gru\u{308}n ist die Heide")) == secret)
    }

    @Test("a line that PyPI's PyNaCl locked opens")
    func foreign() throws {
        let line =
            "guardian-locked-secret:argon2id-xchacha20poly1305:1:8192:Y0ea1poJCyWCd-yPum-ZQQ"
            + ":eDd7UldXtJRCf4kBT5fXmSjzk40U61Hi:G-SUi_YRIoKnfyhJ5teV6FVWXogMF-wG4O_G5t0ywP12iXaCP8CDAs5398m7wS3-:Bk4U_xiFyA8"
        let owner = try SealedClipVectors.load()
        let opened = try LockedSecret(text: line).unlock(Secret("correct horse"))
        #expect(try opened == OwnerSecret(recoveryCode: owner.ownerCode))
    }

    @Test("a wrong passphrase is distinguished from a damaged line")
    func wrong() throws {
        let locked = try lock("right")
        for passphrase in ["wrong", "Right", "right ", "righ"] {
            let error = #expect(throws: GuardianError.self) { try locked.unlock(Secret(passphrase)) }
            #expect(error?.code == .permissionDenied)
        }
        let empty = #expect(throws: GuardianError.self) { try locked.unlock(Secret("")) }
        #expect(empty?.code == .invalidArgument)
        let text = Array(locked.text)
        for place in text.indices {
            var changed = text
            changed[place] = text[place] == "1" ? "2" : "1"
            let error = #expect(throws: GuardianError.self) { try LockedSecret(text: String(changed)) }
            #expect(error?.code == .dataLoss || (error?.code == .invalidArgument && place < 50))
            changed.remove(at: place)
            #expect(throws: GuardianError.self) { try LockedSecret(text: String(changed)) }
        }
    }

    @Test("a line that demands excessive work is refused")
    func work() throws {
        let text = try lock("right").text
        for cost in ["1000000:8192", "1:1099511627776", "0:8192", "1:0", "-1:8192", "01:8192"] {
            #expect(throws: GuardianError.self) {
                try LockedSecret(text: text.replacing(":1:8192:", with: ":\(cost):"))
            }
        }
    }

    @Test("two locked lines of one secret have nothing in common and reveal nothing of it")
    func fresh() throws {
        let (first, second) = (try lock("a").text, try lock("a").text)
        #expect(first.split(separator: ":").suffix(4).first != second.split(separator: ":").suffix(4).first)
        #expect(first.count < 300)
    }
}
