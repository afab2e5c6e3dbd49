/// The parameter sets of an H.264 or H.265 stream, which a decoder needs before the first frame.
package struct ParameterSets: Equatable {
    enum Role: Int, Comparable {
        case video
        case sequence
        case picture
        static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
    }

    let codec: VideoCodec
    /// Ordered by role; in order of arrival within a role.
    var units: [(role: Role, bytes: [UInt8])] = []

    package static func == (left: ParameterSets, right: ParameterSets) -> Bool {
        left.codec == right.codec && left.units.count == right.units.count
            && zip(left.units, right.units).allSatisfy { $0.role == $1.role && $0.bytes == $1.bytes }
    }

    /// Reads the sets of a decoder's extradata: Annex B, or an avcC (ISO/IEC 14496-15,
    /// 5.3.3.1.2) or hvcC (8.3.3.1.2) record.
    package init(codec: VideoCodec, extradata: [UInt8]) {
        self.codec = codec
        if extradata.first == 1 {
            readRecord(extradata)
        } else {
            extradata.withUnsafeBytes { read($0) }
        }
    }

    /// Reads the sets before the slices of an Annex B packet.
    package init(codec: VideoCodec, packet: UnsafeRawBufferPointer) {
        self.codec = codec
        read(packet)
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) {
        for unit in AnnexB(bytes: bytes) {
            guard let first = unit.first else { continue }
            if codec.isSlice(first) { break }
            add(unit)
        }
    }

    private mutating func readRecord(_ record: [UInt8]) {
        var offset = 0
        func byte() -> Int? {
            guard offset < record.count else { return nil }
            defer { offset += 1 }
            return Int(record[offset])
        }
        func unit() -> [UInt8]? {
            guard let high = byte(), let low = byte(), offset + high << 8 + low <= record.count else { return nil }
            defer { offset += high << 8 + low }
            return Array(record[offset..<offset + high << 8 + low])
        }
        if codec == .h265 {
            offset = 22
            for _ in 0..<(byte() ?? 0) {
                offset += 1
                guard let high = byte(), let low = byte() else { return }
                for _ in 0..<(high << 8 + low) {
                    guard let bytes = unit() else { return }
                    bytes.withUnsafeBytes { add($0) }
                }
            }
        } else {
            offset = 5
            for mask in [0x1F, 0xFF] {
                for _ in 0..<((byte() ?? 0) & mask) {
                    guard let bytes = unit() else { return }
                    bytes.withUnsafeBytes { add($0) }
                }
            }
        }
    }

    mutating func add(_ unit: UnsafeRawBufferPointer) {
        guard let header = unit.first else { return }
        let role: Role
        switch (codec, codec == .h265 ? header >> 1 & 0x3F : header & 0x1F) {
        case (.h265, 32): role = .video
        case (.h265, 33), (.h264, 7): role = .sequence
        case (.h265, 34), (.h264, 8): role = .picture
        default: return
        }
        let bytes = Array(unit)
        guard !units.contains(where: { $0.bytes == bytes }) else { return }
        let index = units.firstIndex { $0.role > role } ?? units.count
        units.insert((role, bytes), at: index)
    }

    /// Whether they are sufficient for decoding.
    package var isComplete: Bool {
        units.contains { $0.role == .sequence } && units.contains { $0.role == .picture }
            && (codec != .h265 || units.contains { $0.role == .video })
    }

    /// Returns these sets, with all sets of a role replaced when `other` has sets of that role.
    func replaced(by other: ParameterSets) -> ParameterSets {
        var copy = other
        let roles = Set(other.units.map(\.role.rawValue))
        for unit in units where !roles.contains(unit.role.rawValue) { unit.bytes.withUnsafeBytes { copy.add($0) } }
        return copy
    }

    /// As an Annex B byte stream.
    package var annexB: [UInt8] { units.flatMap { [0, 0, 0, 1] + $0.bytes } }

    /// The first sequence parameter set's NAL unit.
    var sequenceUnit: [UInt8]? { units.first { $0.role == .sequence }?.bytes }

    /// The parsed first sequence parameter set.
    package var sequence: SequenceParameters? {
        guard let unit = sequenceUnit else { return nil }
        return codec == .h265 ? SequenceParameters(h265: unit) : SequenceParameters(h264: unit)
    }
}
