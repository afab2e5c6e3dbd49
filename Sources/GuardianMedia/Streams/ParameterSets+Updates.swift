/// How the sets of a stream go on when others arrive in it. A clip has one description of its stream, and a player need not look
/// for sets in its frames: every set that a frame may need is in the description, and a new description begins a new clip.
extension ParameterSets {
    /// What an avcC record counts (ISO/IEC 14496-15, 5.3.3.1.2).
    private static let mostSequenceSets = 31
    private static let mostPictureSets = 255
    /// Sets have some hundred bytes; what is longer is not collected.
    private static let mostBytes = 1 << 16

    /// Returns the sets that are known once `other` has arrived: these, if frames are decoded with them as with `other`.
    ///
    /// Some cameras change their sets from keyframe to keyframe. Differences of the usability information (VUI: frame rate,
    /// colours), and of H.265's video sets, whose rest is repeated in the sequence sets, do not count, except for the pixels' shape
    /// and the depth of reordering. Sets with other ids are added while size, profile and level are the same. A picture set
    /// replaces the one with its id. When a sequence set contradicts these, sets of the roles of `other` are replaced.
    package func updated(by other: ParameterSets) -> ParameterSets {
        guard other.isBounded else { return replaced(by: other) }
        var copy = self
        for unit in other.units where !copy.units.contains(where: { $0.bytes == unit.bytes }) {
            guard let id = id(of: unit) else { return replaced(by: other) }
            let isKnown = copy.units.contains { $0.role == unit.role && self.id(of: $0) == id }
            switch unit.role {
            case .video: if isKnown { continue }
            case .sequence:
                let agrees = copy.units.allSatisfy { known in
                    guard known.role == .sequence else { return true }
                    return self.id(of: known) == id ? isSame(known.bytes, unit.bytes) : isAlike(known.bytes, unit.bytes)
                }
                guard agrees else { return replaced(by: other) }
                if isKnown { continue }
            case .picture: copy.units.removeAll { $0.role == .picture && self.id(of: $0) == id }
            }
            unit.bytes.withUnsafeBytes { copy.add($0) }
        }
        return copy == self || copy.isBounded ? copy : replaced(by: other)
    }

    private var isBounded: Bool {
        units.count { $0.role == .sequence } <= Self.mostSequenceSets
            && units.count { $0.role == .picture } <= Self.mostPictureSets
            && units.reduce(0) { $0 + $1.bytes.count } <= Self.mostBytes
    }

    /// The id by which others refer to a set; `nil` when it is damaged.
    private func id(of unit: (role: Role, bytes: [UInt8])) -> Int? {
        var reader = BitReader(payload: unit.bytes.dropFirst(codec == .h265 ? 2 : 1).prefix(16))
        switch unit.role {
        case .video: return reader.bits(4).map { Int($0) }
        case .sequence: return parameters(of: unit.bytes)?.id
        case .picture: return reader.unsigned()
        }
    }

    private func parameters(of unit: [UInt8]) -> SequenceParameters? {
        codec == .h265 ? SequenceParameters(h265: unit) : SequenceParameters(h264: unit)
    }

    /// Whether frames are decoded in the same way with two sequence sets.
    private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool { parameters(of: left) == parameters(of: right) }

    /// Whether the frames of two sequence sets can be in one clip: they have the same size and shape, profile and level.
    private func isAlike(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard let first = parameters(of: left), let second = parameters(of: right) else { return false }
        return (first.width, first.height, first.reorder) == (second.width, second.height, second.reorder)
            && first.pixel == second.pixel && codecs(of: left) == codecs(of: right)
    }

    private func codecs(of unit: [UInt8]) -> String? {
        StreamDescription(codec: codec, extradata: [0, 0, 0, 1] + unit, width: 1, height: 1).codecs
    }
}
