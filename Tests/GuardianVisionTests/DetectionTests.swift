import Foundation
import GuardianCore
import GuardianVision
import Testing

@Suite("Detections")
struct DetectionTests {
    static func detection(_ x: Double, _ score: Double, width: Double = 0.1, height: Double = 0.3) -> Detection {
        Detection(label: .person, score: score, box: Box(x: x, y: 0.3, width: width, height: height))
    }

    @Test("of duplicates the best stays")
    func suppression() {
        let kept = CandidateSelection().suppress([
            Self.detection(0.3, 0.6), Self.detection(0.31, 0.9), Self.detection(0.6, 0.5),
        ])
        #expect(kept.map(\.score) == [0.9, 0.5])
    }

    @Test("the SSD layout is read: y1, x1, y2, x2 and a score for each label")
    func decoding() {
        let boxes: [Float] = [0.1, 0.2, 0.5, 0.4, 0, 0, 1, 1, .nan, 0, 1, 1, 0.5, 0.5, 0.4, 0.6]
        let scores: [Float] = [0.1, 0.9, 0.95, 0.05, 0.1, 0.9, 0.1, 0.9]
        let found = boxes.withUnsafeBufferPointer { boxes in
            scores.withUnsafeBufferPointer { scores in
                CandidateSelection().decode(boxes: boxes, scores: scores, labels: [nil, .person])
            }
        }
        #expect(found.count == 1)
        #expect(abs((found.first?.box.x ?? 0) - 0.2) < 1e-6)
        #expect(abs((found.first?.box.height ?? 0) - 0.4) < 1e-6)
    }

    @Test("a box at a region's inner border is cut, at the picture's border it is whole")
    func cut() {
        let merge = SightingMerge()
        let atLeft = Self.detection(0, 0.9)
        #expect(merge.sighting(atLeft, in: Box(x: 0.2, y: 0, width: 0.5, height: 0.5)).isCut)
        #expect(!merge.sighting(atLeft, in: Box(x: 0, y: 0, width: 0.5, height: 0.5)).isCut)
    }

    @Test("the same person seen in two regions is one; two who overlap are not clear")
    func merging() {
        let merge = SightingMerge()
        let left = Box(x: 0, y: 0, width: 0.6, height: 1)
        let right = Box(x: 0.3, y: 0, width: 0.6, height: 1)
        // Both boxes cover 0.45 of the picture.
        let same = [
            merge.sighting(Self.detection(0.75, 0.9), in: left), merge.sighting(Self.detection(0.25, 0.8), in: right),
        ]
        #expect(merge.merge(same, aspect: 4.0 / 3).count == 1)
        let beside = [
            merge.sighting(Self.detection(0.25, 0.9), in: left), merge.sighting(Self.detection(0.32, 0.8), in: left),
        ]
        let kept = merge.merge(beside, aspect: 4.0 / 3)
        #expect(kept.map(\.isClear) == [false, false])
    }

    @Test("a model that is not there, or was changed, is refused with the remedy")
    func refusals() throws {
        let folder = URL.temporaryDirectory.appending(path: "guardian-model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let missing = #expect(throws: GuardianError.self) { try ModelDescription.read(folder: folder) }
        #expect(missing?.code == .notFound)
        #expect(missing?.message.contains("scripts/bootstrap") == true)

        let source = OpenVINOPlaces.find().model
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try Data(contentsOf: source.appending(path: name)).write(to: folder.appending(path: name))
        }
        _ = try ModelDescription.read(folder: folder)
        let weights = folder.appending(path: "model.bin")
        var bytes = try Data(contentsOf: weights)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: weights)
        let changed = #expect(throws: GuardianError.self) { try ModelDescription.read(folder: folder) }
        #expect(changed?.code == .dataLoss)
    }

    @Test("a runtime that is not there is refused with the remedy")
    func noRuntime() throws {
        var places = OpenVINOPlaces.find()
        places.libraries = URL.temporaryDirectory.appending(path: "guardian-no-runtime")
        let error = #expect(throws: GuardianError.self) { try OpenVINODetector(places: places) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("OpenVINO") == true)
    }

    @Test("the shipped model finds the person in its check picture, from several threads at once, always the same")
    func shipped() async throws {
        let detector = try OpenVINODetector(requests: 2)
        let check = try #require(detector.model.check)
        let picture = [UInt8](try Data(contentsOf: OpenVINOPlaces.find().model.appending(path: check.picture)))
        let first = try detector.detect([picture])[0]
        #expect(first.first?.label == .person)
        let all = try await withThrowingTaskGroup(of: [Detection].self) { group in
            for _ in 0..<8 { group.addTask { try detector.detect([picture])[0] } }
            return try await group.reduce(into: [[Detection]]()) { $0.append($1) }
        }
        #expect(all.allSatisfy { $0 == first })
        #expect(throws: GuardianError.self) { try detector.detect([[1, 2, 3]]) }
    }
}
