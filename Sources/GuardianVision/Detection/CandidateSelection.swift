import GuardianCore

/// Reduces a network's thousands of overlapping candidates to one detection per object.
public struct CandidateSelection: Sendable, Hashable {
    /// The minimum score; weaker candidates are ignored.
    public var floor: Double
    /// Of two candidates that overlap more than this (intersection over union), the weaker is dropped.
    public var overlap: Double
    /// The maximum number of detections per picture.
    public var limit: Int

    public init(floor: Double = 0.1, overlap: Double = 0.45, limit: Int = 40) {
        self.floor = floor
        self.overlap = overlap
        self.limit = limit
    }

    /// Applies greedy non-maximum suppression per label; returns the result sorted by descending score.
    public func suppress(_ detections: [Detection]) -> [Detection] {
        let sorted = detections.enumerated().sorted {
            $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
        }
        var kept: [Detection] = []
        for (_, candidate) in sorted where kept.count < limit {
            let isDuplicate = kept.contains { $0.label == candidate.label && $0.box.overlap(candidate.box) > overlap }
            if !isDuplicate { kept.append(candidate) }
        }
        return kept
    }

    /// Decodes outputs in the `ssd-decoded` layout.
    ///
    /// - Parameters:
    ///   - boxes: y1, x1, y2, x2 for each candidate.
    ///   - scores: `[candidate][label]`, one score each.
    ///   - labels: by index; `nil` for labels that are ignored (the first is background).
    public func decode(
        boxes: UnsafeBufferPointer<Float>, scores: UnsafeBufferPointer<Float>, labels: [Label?]
    ) -> [Detection] {
        let count = min(boxes.count / 4, labels.isEmpty ? 0 : scores.count / labels.count)
        let floor = Float(floor)
        var found: [Detection] = []
        for labelIndex in labels.indices {
            guard let label = labels[labelIndex] else { continue }
            var scoreIndex = labelIndex
            for candidate in 0..<count {
                let score = scores[scoreIndex]
                scoreIndex += labels.count
                guard score >= floor else { continue }
                let y1 = Double(boxes[candidate * 4])
                let x1 = Double(boxes[candidate * 4 + 1])
                let y2 = Double(boxes[candidate * 4 + 2])
                let x2 = Double(boxes[candidate * 4 + 3])
                guard x2 > x1, y2 > y1, (x1 + y1 + x2 + y2).isFinite else { continue }
                found.append(
                    Detection(
                        label: label, score: Double(min(score, 1)),
                        box: Box(x: x1, y: y1, width: x2 - x1, height: y2 - y1)))
            }
        }
        return suppress(found)
    }
}
