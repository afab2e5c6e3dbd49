import GuardianCore
import GuardianHTTP
import GuardianIdentity
import Testing

@Suite("Ids of event streams")
struct EventPositionTests {
    private let key = Secret([UInt8](repeating: 7, count: 32))
    private let front = CameraID.v7(at: Timestamp(milliseconds: 1_790_000_000_000))
    private let account = AccountID.v7(at: Timestamp(milliseconds: 1_790_000_000_000))

    private func principal(_ cameras: CameraRights, account: AccountID? = nil) -> Principal {
        Principal(
            credential: .none, account: account ?? self.account, name: "test", role: .viewer, cameras: cameras)
    }

    @Test("are numbers for whoever sees every camera")
    func plain() throws {
        let seal = EventPositionSeal(key, for: principal(.all))
        #expect(try seal.id(of: 41) == "41")
        #expect(seal.position(of: "41") == 41)
    }

    @Test("are read again by the same account only, and say nothing of the number", arguments: [0, 1, 41, Int64.max])
    func sealed(_ position: Int64) throws {
        let seal = EventPositionSeal(key, for: principal(.only([front])))
        let (one, other) = (try seal.id(of: position), try seal.id(of: position))
        #expect(one != other && one.utf8.count == EventPositionSeal.digits)
        #expect(seal.position(of: one) == position && seal.position(of: other) == position)
        // More rights of the same account continue where it was.
        #expect(EventPositionSeal(key, for: principal(.all)).position(of: one) == position)
        let stranger = principal(.only([front]), account: .v7(at: Timestamp(milliseconds: 1_790_000_000_000)))
        #expect(EventPositionSeal(key, for: stranger).position(of: one) == nil)
        let elsewhere = EventPositionSeal(Secret([UInt8](repeating: 8, count: 32)), for: principal(.only([front])))
        #expect(elsewhere.position(of: one) == nil)
    }

    @Test(
        "that were not given are none",
        arguments: ["", "1", "-1", "41", "x", String(repeating: "A", count: 48), String(repeating: "~", count: 48)])
    func foreign(_ text: String) {
        #expect(EventPositionSeal(key, for: principal(.only([front]))).position(of: text) == nil)
    }
}
