import Foundation
import GuardianCore
import GuardianVision
import GuardianWatch
import Testing

@Suite("Accuracy on the campus scene", .serialized)
struct AccuracyTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        var name: String
        var filter: String?
        var mirrored = false
        var testDescription: String { name }
    }

    static let variants = [
        Variant(name: "as it is"),
        Variant(name: "mirrored", filter: "hflip", mirrored: true),
        Variant(name: "darkened", filter: "lutyuv=y=16+(val-16)*0.5:u=128+(val-128)*0.6:v=128+(val-128)*0.6"),
    ]

    @Test("finds who is there, and one event for each visit", arguments: variants)
    func campus(_ variant: Variant) throws {
        let footage = try Footage()
        let path = try variant.filter.map { try footage.campus("variant.mp4", filter: $0) } ?? Footage.campus()
        let result = try FileAnalysis(detector: try OpenVINODetector()).run(path: path)
        let agreement = Agreement(result.boxes, labels: try CampusLabels.read(), mirrored: variant.mirrored)
        let report: Comment = "\(agreement); \(result.events.count) events"
        #expect(result.frames == 795)
        #expect(agreement.recall >= 0.9, report)
        #expect(agreement.precision >= 0.92, report)
        #expect(agreement.own >= 18, report)
        #expect(agreement.beyond <= 7, report)
    }

    @Test("says the same on each run, byte for byte")
    func deterministic() throws {
        let footage = try Footage()
        let path = try footage.campus("short.mp4", seconds: 12)
        let analysis = FileAnalysis(detector: try OpenVINODetector())
        let first = try analysis.run(path: path)
        let second = try analysis.run(path: path)
        for format in FileAnalysis.Format.allCases {
            let texts = try (first.text(format), second.text(format))
            #expect(texts.0 == texts.1)
        }
        #expect(!first.events.isEmpty)
    }

    @Test("an empty scene with changing light and noise has no event")
    func emptyScene() throws {
        let footage = try Footage()
        let path = try footage.empty(
            seconds: 30,
            filter: "eq=brightness='0.12*sin(t*0.7)':contrast='1+0.15*sin(t*0.31)':eval=frame,noise=alls=14:allf=t")
        let result = try FileAnalysis(detector: try OpenVINODetector()).run(path: path)
        #expect(result.frames == 300)
        #expect(result.events.isEmpty)
    }

    @Test("events are lines of the Event JSON, MOT lines have ten fields and cover every frame of a visit")
    func output() throws {
        let footage = try Footage()
        let path = try footage.campus("short.mp4", seconds: 8)
        let result = try FileAnalysis(detector: try OpenVINODetector()).run(path: path)
        let lines = try result.text(.events).split(separator: "\n")
        #expect(lines.count == result.events.count && !lines.isEmpty)
        for line in lines {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["state"] as? String == "closed")
            #expect((object["startedAt"] as? String)?.hasPrefix("1970-01-01T00:00:0") == true)
            #expect((object["clips"] as? [Any])?.isEmpty == true)
            #expect((object["path"] as? [[Double]])?.allSatisfy { $0.count == 5 } == true)
        }
        var frames: [Int: [Int]] = [:]
        for line in try result.text(.mot).split(separator: "\n") {
            let fields = line.split(separator: ",")
            #expect(fields.count == 10)
            frames[try #require(Int(fields[1])), default: []].append(try #require(Int(fields[0])))
        }
        for (_, numbers) in frames { #expect(numbers == Array((numbers.first ?? 0)...(numbers.last ?? 0))) }
    }
}
