import Foundation
import GuardianCore
import Testing

@Suite("Times")
struct TimestampTests {
    @Test("a moment is written in RFC 3339, in UTC, with milliseconds")
    func writes() {
        #expect(Timestamp(milliseconds: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 1_795_502_062_118).rfc3339 == "2026-11-24T06:34:22.118Z")
    }

    @Test(
        "RFC 3339 is read with any offset, with or without a fraction",
        arguments: [
            ("2026-11-24T06:34:22.118Z", 1_795_502_062_118 as Int64),
            ("2026-11-24T06:34:22Z", 1_795_502_062_000),
            ("2026-11-24T07:34:22+01:00", 1_795_502_062_000),
        ])
    func reads(text: String, milliseconds: Int64) throws {
        #expect(try #require(Timestamp(rfc3339: text)).milliseconds == milliseconds)
    }

    @Test(
        "a moment that RFC 3339 cannot express is written as the nearest one that it can",
        arguments: [
            (Int64.min, "1970-01-01T00:00:00.000Z"), (-1, "1970-01-01T00:00:00.000Z"),
            (253_402_300_800_000, "9999-12-31T23:59:59.999Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
        ])
    func inexpressible(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
    }

    @Test("adding to a moment and comparing two never overflows")
    func saturates() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last + 1 == last && first + -1 == first && last + -1 < last)
        #expect(last - first == .max && first - last == .min)
    }

    @Test(
        "an invalid time is refused",
        arguments: [
            "", "yesterday", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "2025-02-29T00:00:00Z",
            "2026-11-24T06:34:22.Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("writing and reading come back to the same millisecond")
    func roundTrip() {
        for step in 0..<5000 {
            let time = Timestamp(milliseconds: Int64(step) * 50_000_000_037)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
        }
    }
}

@Suite("Names")
struct NameTests {
    @Test("a UUIDv7 carries version, variant and its time, and sorts by it")
    func identifiers() {
        let early = EventID.v7(at: Timestamp(milliseconds: 1_000))
        let late = EventID.v7(at: Timestamp(milliseconds: 2_000))
        #expect(early < late)
        let bytes = early.uuid.uuid
        #expect(bytes.6 >> 4 == 7)
        #expect(bytes.8 >> 6 == 2)
        #expect(early.description.hasPrefix("00000000-03e8-7"))
        #expect(EventID(early.description) == early)
        #expect(late.time == Timestamp(milliseconds: 2_000))
    }

    @Test("an alias is safe in a path", arguments: ["front", "cam-2", "a", "0_1"])
    func alias(text: String) throws {
        #expect(try #require(CameraAlias(text)).text == text)
    }

    @Test(
        "an alias that is not safe is refused",
        arguments: ["", "Front", "../x", "-a", "a b", "ä", String(repeating: "a", count: 64)])
    func unsafeAlias(text: String) {
        #expect(CameraAlias(text) == nil)
    }

    @Test("a digest reads back from its digits and refuses anything else")
    func digest() throws {
        let hex = String(repeating: "0a", count: 31) + "ff"
        #expect(try #require(Hash256(hex: hex)).hex == hex)
        #expect(Hash256(hex: hex.uppercased()) == nil)
        #expect(Hash256(hex: String(hex.dropLast())) == nil)
        #expect(Hash256(bytes: [1, 2, 3]) == nil)
    }
}

@Suite("Pictures")
struct PictureTests {
    @Test(
        "overlap is intersection over union",
        arguments: [
            (Box(x: 0, y: 0, width: 0.5, height: 1), 0.5),
            (Box(x: 0.5, y: 0, width: 0.5, height: 1), 0.5),
            (Box(x: 0, y: 0, width: 1, height: 1), 1.0),
            (Box(x: 2, y: 2, width: 1, height: 1), 0.0),
        ])
    func overlap(box: Box, expected: Double) {
        #expect(abs(Box(x: 0, y: 0, width: 1, height: 1).overlap(box) - expected) < 1e-9)
    }
}

@Suite("Errors")
struct ErrorTests {
    @Test("a temporary error is retryable, one that needs a person is not")
    func retryable() {
        let passing = GuardianError.Code.allCases.filter { GuardianError($0, "").isRetryable }
        #expect(Set(passing) == [.unavailable, .aborted, .resourceExhausted, .deadlineExceeded])
    }

    @Test("a secret prints as an ellipsis wherever it ends up")
    func secrets() {
        struct Camera { var source: Secret<String> }
        let camera = Camera(source: Secret("rtsp://user:hunter2@host/"))
        var dumped = ""
        dump(camera, to: &dumped)
        for text in ["\(camera)", String(reflecting: camera), "\(camera.source)", dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(camera.source.reveal() == "rtsp://user:hunter2@host/")
    }
}
