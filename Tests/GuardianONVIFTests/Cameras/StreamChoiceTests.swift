import GuardianClients
import GuardianCore
import GuardianTestKit
import Testing

import GuardianONVIF

@Suite("The choice of streams")
struct StreamChoiceTests {
    /// `2560x1440`, `H265 640x360@10`, `lens2: 640x360`.
    private static func profile(_ text: String) -> MediaProfile {
        let match = text.firstMatch(of: #/(?:(\w+): )?(?:(\w+) )?(\d+)x(\d+)(?:@(\d+))?/#)
        let codec: MediaProfile.Codec =
            switch match?.output.2 {
            case nil, "H264": .h264
            case "H265": .h265
            case let other?: .other(String(other))
            }
        return MediaProfile(
            token: text, source: match?.output.1.map(String.init) ?? "", codec: codec,
            width: match.flatMap { Int($0.output.3) } ?? 0, height: match.flatMap { Int($0.output.4) } ?? 0,
            frameRate: match?.output.5.flatMap { Double($0) } ?? 0)
    }

    @Test(
        "takes the largest as main stream, and the smallest of 640 pixels or more for detection",
        arguments: [
            (["2560x1440", "640x360"], [("2560x1440", "640x360")]),
            (["640x360", "2560x1440"], [("2560x1440", "640x360")]),
            (["3840x2160", "1280x720", "704x576", "352x288"], [("3840x2160", "704x576")]),
            // Too small for detection: the main stream is analysed.
            (["1920x1080", "352x288"], [("1920x1080", nil)]),
            (["1920x1080"], [("1920x1080", nil)]), (["320x240"], [("320x240", nil)]), ([], []),
            // What cannot be recorded is passed over.
            (["JPEG 3840x2160", "1920x1080", "MPEG4 640x480"], [("1920x1080", nil)]), (["JPEG 640x480"], []),
            (["0x0", "1280x720"], [("1280x720", nil)]),
            // The same size: more frames for the main stream; H.264, then fewer frames for detection.
            (["1920x1080@15", "1920x1080@30"], [("1920x1080@30", nil)]),
            (["H265 1920x1080@25", "1920x1080@25"], [("H265 1920x1080@25", nil)]),
            (["1920x1080", "H265 640x360@5", "640x360@25", "640x360@10"], [("1920x1080", "640x360@10")]),
            // Each lens has its own.
            (
                ["a: 1920x1080", "b: 1280x720", "a: 640x480", "b: 640x480"],
                [("a: 1920x1080", "a: 640x480"), ("b: 1280x720", "b: 640x480")]
            ),
        ] as [([String], [(String, String?)])])
    func choices(_ profiles: [String], _ expected: [(String, String?)]) {
        let choices = StreamChoice.all(of: profiles.map(Self.profile))
        #expect(choices.map(\.main.token) == expected.map(\.0))
        #expect(choices.map(\.detection?.token) == expected.map(\.1))
    }

    @Test("reads profiles of both media services, and bounds what they claim")
    func profiles() throws {
        let long = String(repeating: "t", count: 129)
        let text = CameraAnswers.profiles([
            CameraAnswers.profile("P1", "H264", 1920, 1080), CameraAnswers.profile("P2", "", 0, 0),
            CameraAnswers.profile(long, "H264", 1, 1),
            CameraAnswers.profile("P3", "h265", 999_999, -5), CameraAnswers.profile2("P4", "H265", 3840, 2160),
            "<trt:Profiles token='audio'><tt:Name>A</tt:Name></trt:Profiles>", "<trt:Profiles/>",
        ])
        let response = try #require(try XMLReader.read(Array(text.utf8))["Body"]?.children.first)
        let profiles = MediaProfile.all(in: response)
        #expect(profiles.map(\.token) == ["P1", "P2", "P3", "P4"])
        #expect(
            profiles[0]
                == MediaProfile(
                    token: "P1", name: "P1", source: "V1", codec: .h264, width: 1920, height: 1080, frameRate: 25))
        #expect(profiles[1].codec == .other("") && profiles[1].width == 0)
        #expect(profiles[2].codec == .h265 && profiles[2].width == 0 && profiles[2].height == 0)
        #expect(profiles[3].frameRate == 12.5 && profiles[3].height == 2160)
    }

    @Test(
        "reads the camera's time, and nothing that is none",
        arguments: [
            ("12:34:56", "2026-11-26", "2026-11-26T12:34:56.000Z"), ("1:2:3", "1970-1-1", "1970-01-01T01:02:03.000Z"),
            ("24:00:00", "2026-11-26", nil), ("12:00:00", "2026-13-01", nil), ("12:00:00", "2026-02-30", nil),
            ("x:00:00", "2026-11-26", nil), ("-1:00:00", "2026-11-26", nil), ("12:00:00", "99999-11-26", nil),
        ] as [(String, String, String?)])
    func times(_ time: String, _ day: String, _ expected: String?) throws {
        // A sign before the year would divide the date differently.
        let response = try XMLReader.read(Array(CameraAnswers.time(time, on: day).utf8))["Body"]?.children.first
        #expect(CameraClock.time(in: try #require(response))?.rfc3339 == expected)
    }
}
