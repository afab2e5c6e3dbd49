import GuardianCore

/// From a network's thousands of overlapping candidates to the few objects that they mean.
public struct CandidateSelection: Sendable, Hashable {
    /// Weaker candidates are not looked at.
    public var floor: Double
    /// Of two that overlap more than this (intersection over union) the weaker goes.
    public var overlap: Double
    /// At most so many objects a picture.
    public var limit: Int

    public init(floor: Double = 0.1, overlap: Double = 0.45, limit: Int = 40) {
        self.floor = floor
        self.overlap = overlap
        self.limit = limit
    }

    /// Greedy non-maximum suppression for each label; the result is sorted by falling score.
    public func suppress(_ detections: [Detection]) -> [Detection] {
        let sorted = detections.enumerated().sorted {
            $0.element.score != $1.element.score ? $0.element.score > $1.element.score : $0.offset < $1.offset
        }
        var kept: [Detection] = []
        for (_, candidate) in sorted where kept.count < limit {
            let double = kept.contains { $0.label == candidate.label && $0.box.overlap(candidate.box) > overlap }
            if !double { kept.append(candidate) }
        }
        return kept
    }

    /// Reads the `ssd-decoded` layout.
    ///
    /// - Parameters:
    ///   - boxes: y1, x1, y2, x2 for each candidate.
    ///   - scores: one for each label and candidate, labels running fastest.
    ///   - labels: `nil` where a label is of no interest (the first means "nothing").
    public func decode(
        boxes: UnsafeBufferPointer<Float>, scores: UnsafeBufferPointer<Float>, labels: [Label?]
    ) -> [Detection] {
        let count = min(boxes.count / 4, labels.isEmpty ? 0 : scores.count / labels.count)
        let floor = Float(floor)
        var found: [Detection] = []
        for kind in labels.indices {
            guard let label = labels[kind] else { continue }
            var place = kind
            for candidate in 0..<count {
                let score = scores[place]
                place += labels.count
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
