import GuardianCore

/// A detection in coordinates of the whole frame, with its appearance.
public struct Sighting: Sendable, Hashable {
    public var label: Label
    public var score: Double
    /// In fractions of the whole frame.
    public var box: Box
    public var appearance: Appearance?
    /// It touches an inner border of its region: the object may extend beyond it.
    public var isCut: Bool
    /// No other sighting overlaps it: its appearance is only its own.
    public var isClear: Bool

    public init(
        label: Label, score: Double, box: Box, appearance: Appearance? = nil, isCut: Bool = false, isClear: Bool = true
    ) {
        self.label = label
        self.score = score
        self.box = box
        self.appearance = appearance
        self.isCut = isCut
        self.isClear = isClear
    }
}

/// Merges the detections of several regions of one frame into one list of sightings.
public struct SightingMerge: Sendable, Hashable {
    /// Of two that overlap more than this (intersection over union), the weaker is dropped.
    public var overlap: Double
    /// Of two of which more than this fraction of the smaller lies in the other, the weaker is dropped.
    public var inside: Double
    /// The allowed height divided by width of a person.
    public var shape: ClosedRange<Double>
    /// A box closer than this to an inner border of its region (in fractions of the region) is cut.
    public var border: Double

    public init(
        overlap: Double = 0.45, inside: Double = 0.75, shape: ClosedRange<Double> = 1.2...5.5, border: Double = 0.012
    ) {
        self.overlap = overlap
        self.inside = inside
        self.shape = shape
        self.border = border
    }

    /// Converts a detection in `region` to a sighting in the whole frame.
    public func sighting(_ detection: Detection, in region: Box) -> Sighting {
        let inner = detection.box.clipped
        let box = Box(
            x: region.x + inner.x * region.width, y: region.y + inner.y * region.height,
            width: inner.width * region.width, height: inner.height * region.height)
        let edge = 0.002
        let cut =
            (inner.x < border && region.x > edge) || (inner.y < border && region.y > edge)
            || (inner.right > 1 - border && region.right < 1 - edge)
            || (inner.bottom > 1 - border && region.bottom < 1 - edge)
        return Sighting(label: detection.label, score: detection.score, box: box, isCut: cut)
    }

    /// Returns one list of all regions' sightings without duplicates and cut boxes, highest score first.
    ///
    /// - Parameter aspect: width of the frame divided by its height.
    public func merge(_ sightings: [Sighting], aspect: Double) -> [Sighting] {
        let sorted = sightings.enumerated().sorted { left, right in
            left.element.score != right.element.score
                ? left.element.score > right.element.score : left.offset < right.offset
        }.map(\.element)
        var kept: [Sighting] = []
        for sighting in sorted where !sighting.isCut {
            let box = sighting.box
            guard box.width > 0, box.height > 0 else { continue }
            if sighting.label == .person, !shape.contains(box.height / (box.width * aspect)) { continue }
            let isDuplicate = kept.contains { other in
                guard other.label == sighting.label else { return false }
                let intersection = other.box.intersection(box).area
                return intersection > overlap * (other.box.area + box.area - intersection)
                    || intersection > inside * min(other.box.area, box.area)
            }
            if !isDuplicate { kept.append(sighting) }
        }
        for index in kept.indices {
            let box = kept[index].box
            kept[index].isClear = !kept.indices.contains { other in
                other != index && kept[other].score > 0.2 && kept[other].box.intersection(box).area > 0.08 * box.area
            }
        }
        return kept
    }
}
