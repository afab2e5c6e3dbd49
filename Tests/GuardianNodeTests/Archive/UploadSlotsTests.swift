import Foundation
import GRDB
import GuardianNode
import GuardianOperations
import GuardianTestKit
import Testing

@Suite("Upload slots")
struct UploadSlotsTests {
    private let clock = TestClock()
    private let backoff = Backoff(base: .seconds(10), limit: .seconds(10))

    private func part(_ row: Int64, size: Int64 = 1_000, state: StoredPart.State = .sealed) throws -> StoredPart {
        let columns: [String: (any DatabaseValueConvertible)?] = [
            "id": row, "kind": "clip", "subject": UUID(), "part": 0, "camera": UUID(), "device": Data(count: 32),
            "state": state.rawValue, "interrupted": false, "reason": nil, "size": size, "content_type": nil,
            "bind": nil, "device_key": Data(count: 32), "key_ids": "", "checkpoint": nil, "sha256": nil, "bucket": nil,
            "object_key": nil, "started_at": 0, "stored_at": nil, "ticket": nil, "held": false,
            "stuck": 0,
        ]
        return try StoredPart(Row(columns))
    }

    @Test("limit parallel uploads, and take no part twice")
    func limit() throws {
        let slots = UploadSlots(limit: 2, monotonic: clock)
        let parts = try [part(1), part(2), part(3)]
        #expect(parts.map { slots.acquire($0) } == [true, true, false])
        slots.release(parts[0], isStored: true)
        #expect(!slots.acquire(parts[1]), "it is being uploaded")
        #expect(slots.acquire(parts[2]))
        #expect(!slots.acquire(parts[0]), "both slots are taken again")
    }

    @Test("take a part again only after its size or state has changed")
    func unchanged() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        var growing = try part(1, size: 1_000, state: .uploading)
        #expect(slots.acquire(growing))
        slots.release(growing, isStored: false)
        #expect(!slots.acquire(growing))
        growing.size += 1
        #expect(slots.acquire(growing))
        slots.release(growing, isStored: false)
        #expect(!slots.acquire(growing))
        growing.state = .sealed
        #expect(slots.acquire(growing))
    }

    @Test("delay a failed part until its backoff is over, and no other part")
    func failure() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        let (failed, other) = (try part(1), try part(2))
        let start = clock.now()
        #expect(slots.acquire(failed))
        slots.release(failed.row, failed: backoff)
        let retry = try #require(slots.nextRetry)
        #expect(retry >= start && retry <= start + .seconds(10))
        #expect(slots.acquire(other))
        clock.advance(by: start.duration(to: retry) - .nanoseconds(1))
        #expect(!slots.acquire(failed))
        clock.advance(by: .nanoseconds(1))
        #expect(slots.acquire(failed))
    }

    @Test("take a failed part again although its size did not change")
    func failureAfterUpload() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        let part = try self.part(1)
        #expect(slots.acquire(part))
        slots.release(part, isStored: false)
        slots.release(part.row, failed: backoff)
        clock.advance(by: .seconds(10))
        #expect(slots.acquire(part))
    }

    @Test("double the longest backoff with each failure in a row, up to the limit, and reset it after a success")
    func growth() throws {
        let slots = UploadSlots(limit: 1, monotonic: clock)
        let part = try self.part(1)
        let start = clock.now()
        let short = Backoff(base: .nanoseconds(1), limit: .seconds(1))
        // The longest backoff is a nanosecond after the first failure, and a second after the 31st.
        for _ in 0..<31 { slots.release(part.row, failed: short) }
        let late = try #require(slots.nextRetry)
        #expect(late > start + .nanoseconds(1) && late <= start + .seconds(1))
        slots.release(part, isStored: false)
        #expect(slots.nextRetry == nil)
        slots.release(part.row, failed: short)
        #expect(try #require(slots.nextRetry) <= start + .nanoseconds(1))
    }

    @Test("return the earliest retry of all failed parts that are not being uploaded")
    func next() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        #expect(slots.nextRetry == nil)
        let start = clock.now()
        slots.release(1, failed: backoff)
        clock.advance(by: .seconds(100))
        slots.release(2, failed: backoff)
        let first = try #require(slots.nextRetry)
        #expect(first <= start + .seconds(10))
        #expect(slots.acquire(try part(1)))
        #expect(try #require(slots.nextRetry) >= start + .seconds(100))
    }

    @Test("return no retry of a part while all are taken: whoever waits for it would only ask again at once")
    func busy() throws {
        let slots = UploadSlots(limit: 1, monotonic: clock)
        slots.release(1, failed: backoff)
        #expect(slots.acquire(try part(2)))
        clock.advance(by: .seconds(100))
        #expect(slots.nextRetry == nil)
        slots.release(try part(2), isStored: true)
        #expect(try #require(slots.nextRetry) <= clock.now())
    }

    @Test("forget the failures of parts that are not due any more")
    func gone() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        for row in 1...3 as ClosedRange<Int64> { slots.release(row, failed: backoff) }
        #expect(slots.acquire(try part(4)))
        slots.keep(only: [2])
        slots.release(4, failed: backoff)
        #expect(slots.nextRetry != nil)
        slots.keep(only: [])
        #expect(slots.nextRetry == nil)
    }

    @Test("return the next cleaning after a failed one as a retry")
    func cleaningAgain() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        #expect(slots.beginCleaning())
        #expect(slots.nextRetry == nil)
        _ = slots.endCleaning(isDone: false)
        #expect(slots.nextRetry == clock.now() + .seconds(60))
        clock.advance(by: .seconds(60))
        #expect(slots.beginCleaning())
        #expect(slots.nextRetry == nil, "it runs already")
    }

    @Test("return the end of a pause as the next retry, once, although parts are due")
    func pause() throws {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        let start = clock.now()
        slots.release(1, failed: backoff)
        clock.advance(by: .seconds(100))
        slots.pause(for: .seconds(1))
        #expect(slots.nextRetry == start + .seconds(101))
        #expect(try #require(slots.nextRetry) <= start + .seconds(10))
    }

    @Test("let one task at a time abort uploads, and report whether another one was refused meanwhile")
    func cleaning() {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        #expect(slots.beginCleaning())
        #expect(!slots.beginCleaning())
        #expect(slots.endCleaning(isDone: true))
        #expect(slots.beginCleaning())
        #expect(!slots.endCleaning(isDone: true), "no task was refused since")
    }

    @Test("allow the next cleaning a minute after a failed one, not earlier")
    func failedCleaning() {
        let slots = UploadSlots(limit: 4, monotonic: clock)
        #expect(slots.beginCleaning())
        #expect(!slots.endCleaning(isDone: false))
        clock.advance(by: .seconds(60) - .nanoseconds(1))
        #expect(!slots.beginCleaning())
        clock.advance(by: .nanoseconds(1))
        #expect(slots.beginCleaning())
        #expect(!slots.endCleaning(isDone: true), "a refusal during the delay does not count")
    }
}
