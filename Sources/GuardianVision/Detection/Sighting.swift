import GuardianCore

/// A detection in the whole picture, with the colours that it showed.
public struct Sighting: Sendable, Hashable {
    public var label: Label
    public var score: Double
    /// In fractions of the whole picture.
    public var box: Box
    public var appearance: Appearance?
    /// It lies at the inner border of the region that was looked at: there may be more of it beyond.
    public var isCut: Bool
    /// Nothing else that was seen covers any of it: its colours are its own.
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

/// From the answers of several regions of one picture to one list of what stands in it.
public struct SightingMerge: Sendable, Hashable {
    /// Of two that overlap more than this the weaker goes.
    public var overlap: Double
    /// Of two of which one lies inside the other by more than this, the weaker goes.
    public var inside: Double
    /// Height over width of a standing person, from … to.
    public var shape: ClosedRange<Double>
    /// Nearer than this to a region's inner border (in fractions of the region) a box is cut.
    public var border: Double

    public init(
        overlap: Double = 0.45, inside: Double = 0.75, shape: ClosedRange<Double> = 1.2...5.5, border: Double = 0.012
    ) {
        self.overlap = overlap
        self.inside = inside
        self.shape = shape
        self.border = border
    }

    /// A detection in `region` as a place in the whole picture.
    public func place(_ detection: Detection, in region: Box) -> Sighting {
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

    /// One list out of all regions' sightings, best first.
    ///
    /// - Parameter aspect: the picture's width over its height.
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
            let double = kept.contains { other in
                guard other.label == sighting.label else { return false }
                let common = other.box.intersection(box).area
                return common > overlap * (other.box.area + box.area - common)
                    || common > inside * min(other.box.area, box.area)
            }
            if !double { kept.append(sighting) }
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
