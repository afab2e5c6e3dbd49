/// The parameter sets of an H.264 or H.265 stream: what a decoder must have before the first picture.
package struct ParameterSets: Equatable {
    private enum Role: Int, Comparable {
        case video
        case sequence
        case picture
        static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
    }

    private let codec: VideoCodec
    /// In the order of their roles, as they came within one.
    private var units: [(role: Role, bytes: [UInt8])] = []

    package static func == (left: ParameterSets, right: ParameterSets) -> Bool {
        left.codec == right.codec && left.units.count == right.units.count
            && zip(left.units, right.units).allSatisfy { $0.role == $1.role && $0.bytes == $1.bytes }
    }

    /// Of a decoder's extradata: Annex B, or an avcC (ISO/IEC 14496-15, 5.3.3.1.2) or hvcC (8.3.3.1.2) record.
    package init(codec: VideoCodec, extradata: [UInt8]) {
        self.codec = codec
        if extradata.first == 1 {
            readRecord(extradata)
        } else {
            extradata.withUnsafeBytes { read($0) }
        }
    }

    /// The sets that stand before the picture in an Annex B packet.
    package init(codec: VideoCodec, packet: UnsafeRawBufferPointer) {
        self.codec = codec
        read(packet)
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) {
        for unit in AnnexB(bytes: bytes) {
            guard let first = unit.first else { continue }
            if isPicture(first) { break }
            add(unit)
        }
    }

    private mutating func readRecord(_ record: [UInt8]) {
        var place = 0
        func byte() -> Int? {
            guard place < record.count else { return nil }
            defer { place += 1 }
            return Int(record[place])
        }
        func unit() -> [UInt8]? {
            guard let high = byte(), let low = byte(), place + high << 8 + low <= record.count else { return nil }
            defer { place += high << 8 + low }
            return Array(record[place..<place + high << 8 + low])
        }
        if codec == .h265 {
            place = 22
            for _ in 0..<(byte() ?? 0) {
                place += 1
                guard let high = byte(), let low = byte() else { return }
                for _ in 0..<(high << 8 + low) {
                    guard let bytes = unit() else { return }
                    bytes.withUnsafeBytes { add($0) }
                }
            }
        } else {
            place = 5
            for mask in [0x1F, 0xFF] {
                for _ in 0..<((byte() ?? 0) & mask) {
                    guard let bytes = unit() else { return }
                    bytes.withUnsafeBytes { add($0) }
                }
            }
        }
    }

    private func isPicture(_ header: UInt8) -> Bool {
        codec == .h265 ? header >> 1 & 0x3F < 32 : (1...5).contains(header & 0x1F)
    }

    private mutating func add(_ unit: UnsafeRawBufferPointer) {
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
        let place = units.firstIndex { $0.role > role } ?? units.count
        units.insert((role, bytes), at: place)
    }

    /// Whether decoding can begin with them.
    package var isComplete: Bool {
        units.contains { $0.role == .sequence } && units.contains { $0.role == .picture }
            && (codec != .h265 || units.contains { $0.role == .video })
    }

    /// Whether all of `other` are among these.
    func holds(_ other: ParameterSets) -> Bool {
        other.units.allSatisfy { unit in units.contains { $0.bytes == unit.bytes } }
    }

    /// These with those of `other` in place of the ones that play the same role.
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

    /// What it says of the picture.
    package var sequence: SequenceParameters? {
        guard let unit = sequenceUnit else { return nil }
        return codec == .h265 ? SequenceParameters(h265: unit) : SequenceParameters(h264: unit)
    }
}
