import Foundation
import GuardianCore
import GuardianVision
import GuardianWatch
import Testing

@Suite("Accuracy on the campus scene")
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

    @Test("finds the persons, and one event for each visit", arguments: variants)
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

    @Test("gives the same result on each run")
    func deterministic() throws {
        let footage = try Footage()
        let path = try footage.campus("short.mp4", seconds: 12)
        let analysis = FileAnalysis(detector: try OpenVINODetector())
        let first = try analysis.run(path: path)
        let second = try analysis.run(path: path)
        #expect(first.events == second.events)
        #expect(first.boxes.map(\.description) == second.boxes.map(\.description))
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

    @Test("events begin in 1970 and are closed, MOT lines have ten fields and cover every frame of a visit")
    func output() throws {
        let footage = try Footage()
        let path = try footage.campus("short.mp4", seconds: 8)
        let result = try FileAnalysis(detector: try OpenVINODetector()).run(path: path)
        #expect(!result.events.isEmpty)
        #expect(result.events.allSatisfy { $0.state == .closed && (0..<10_000).contains($0.startedAt.milliseconds) })
        var frames: [Int: [Int]] = [:]
        for line in result.boxes {
            let fields = line.description.split(separator: ",")
            #expect(fields.count == 10)
            frames[try #require(Int(fields[1])), default: []].append(try #require(Int(fields[0])))
        }
        for (_, numbers) in frames { #expect(numbers == Array((numbers.first ?? 0)...(numbers.last ?? 0))) }
    }
}
