import GuardianArchive
import GuardianCore
import GuardianTestKit
import Testing

@Suite("The time of an S3 server")
struct ServerTimeTests {
    private let noon = Timestamp(milliseconds: 1_795_608_000_000)
    private let header = "Wed, 25 Nov 2026 12:00:00 GMT"

    @Test("is taken from the response that refuses a request for its time")
    func correction() {
        let time = ServerTime(clock: ManualClock(noon + -1_200_000))
        #expect(time.correct(by: header, signedAt: time.now()))
        #expect(time.now() == noon)
    }

    @Test("makes every request that carried the wrong time be sent again, not only the first one")
    func concurrent() {
        let time = ServerTime(clock: ManualClock(noon + -1_200_000))
        let signedAt = time.now()
        #expect(time.correct(by: header, signedAt: signedAt))
        #expect(time.correct(by: header, signedAt: signedAt))
        #expect(time.now() == noon)
    }

    @Test(
        "changes nothing when the request's time was right, or the header says none", arguments: [nil, "", "yesterday"])
    func unchanged(_ other: String?) {
        let time = ServerTime(clock: ManualClock(noon + 60_000))
        #expect(!time.correct(by: header, signedAt: time.now()))
        #expect(!time.correct(by: other, signedAt: noon + -3_600_000))
        #expect(time.now() == noon + 60_000)
    }
}
