extension PixelShape {
    /// Reads the pixels' shape of an H.265 sequence parameter set from its usability information (VUI) on (ITU-T H.265,
    /// 7.3.2.2.1); `nil` when it is damaged or not specified.
    init?(h265 reader: inout BitReader) {
        guard reader.bit() == true, reader.bit() == true, let shape = Self.read(&reader) else { return nil }
        self = shape
    }

    /// Skips what an H.265 sequence parameter set has from the sizes of its coding blocks on, up to its usability information
    /// (ITU-T H.265, 7.3.2.2.1). Returns `false` when it is damaged.
    ///
    /// - Parameter counterBits: bits of a picture order count's low part.
    static func skipCoding(_ reader: inout BitReader, counterBits: Int) -> Bool {
        for _ in 0..<6 { guard reader.unsigned() != nil else { return false } }
        guard let hasScaling = reader.bit() else { return false }
        if hasScaling {
            guard let isSent = reader.bit(), !isSent || skipScaling(&reader) else { return false }
        }
        guard reader.skip(2), let hasRaw = reader.bit() else { return false }
        if hasRaw {
            guard reader.skip(8), reader.unsigned() != nil, reader.unsigned() != nil, reader.skip(1) else {
                return false
            }
        }
        return skipShortTerm(&reader) && skipLongTerm(&reader, counterBits: counterBits) && reader.skip(2)
    }

    /// Reads an index into the table, or both numbers. H.264 and H.265 have the same.
    static func read(_ reader: inout BitReader) -> PixelShape? {
        guard let index = reader.bits(8).map({ Int($0) }) else { return nil }
        guard index == 255 else { return named.indices.contains(index) ? named[index] : unknown }
        guard let width = reader.bits(16), let height = reader.bits(16) else { return nil }
        return PixelShape(width: Int(width), height: Int(height))
    }

    private static func skipScaling(_ reader: inout BitReader) -> Bool {
        for size in 0..<4 {
            for _ in 0..<(size == 3 ? 2 : 6) {
                guard let isSent = reader.bit() else { return false }
                guard isSent else {
                    guard reader.unsigned() != nil else { return false }
                    continue
                }
                if size > 1 { guard reader.signed() != nil else { return false } }
                for _ in 0..<min(64, 1 << (4 + size * 2)) { guard reader.signed() != nil else { return false } }
            }
        }
        return true
    }

    /// Skips the sets of short-term reference pictures, each of which may be told by its difference to the one before.
    private static func skipShortTerm(_ reader: inout BitReader) -> Bool {
        guard let sets = reader.unsigned(), sets <= 64 else { return false }
        var pictures = 0
        for index in 0..<sets {
            var isDifference = false
            if index > 0 {
                guard let bit = reader.bit() else { return false }
                isDifference = bit
            }
            if isDifference {
                guard reader.skip(1), reader.unsigned() != nil else { return false }
                var kept = 0
                for _ in 0...pictures {
                    guard let isUsed = reader.bit() else { return false }
                    var isKept = true
                    if !isUsed {
                        guard let bit = reader.bit() else { return false }
                        isKept = bit
                    }
                    if isKept { kept += 1 }
                }
                pictures = kept
            } else {
                guard let before = reader.unsigned(), let after = reader.unsigned(), before <= 16, after <= 16 else {
                    return false
                }
                pictures = before + after
                for _ in 0..<pictures { guard reader.unsigned() != nil, reader.skip(1) else { return false } }
            }
            guard pictures <= 32 else { return false }
        }
        return true
    }

    private static func skipLongTerm(_ reader: inout BitReader, counterBits: Int) -> Bool {
        guard let hasLongTerm = reader.bit() else { return false }
        guard hasLongTerm else { return true }
        guard let count = reader.unsigned(), count <= 32 else { return false }
        return reader.skip(count * (counterBits + 1))
    }
}
