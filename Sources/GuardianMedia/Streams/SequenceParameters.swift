/// The needed values of a sequence parameter set: frame size, shape of the pixels, and reorder depth. Two are equal when frames
/// are decoded in the same way with both.
package struct SequenceParameters: Equatable {
    /// By which picture parameter sets refer to it.
    let id: Int
    /// Pixels, after cropping.
    package var width: Int
    package var height: Int
    /// How many frames may be decoded before one that is shown earlier; `nil` when it is not specified.
    package var reorder: Int?
    /// Width and height of a pixel, relative to each other; `nil` when it is not specified.
    package var pixel: PixelShape?
    /// What decoding depends on: all bits before the usability information (VUI), or the whole set when something that decoding
    /// depends on may follow it.
    private var coding: [UInt8]

    /// Parses an H.264 NAL unit of type 7 (ITU-T H.264, 7.3.2.1.1); `nil` when it is damaged.
    init?(h264 unit: [UInt8]) {
        guard unit.count > 4 else { return nil }
        var reader = BitReader(payload: unit.dropFirst())
        guard let profile = reader.bits(8), reader.skip(16), let id = reader.unsigned() else { return nil }
        self.id = id
        var chroma = 1
        var isSeparate = false
        if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
            guard let format = reader.unsigned(), format <= 3 else { return nil }
            chroma = format
            if chroma == 3 {
                guard let bit = reader.bit() else { return nil }
                isSeparate = bit
            }
            guard reader.unsigned() != nil, reader.unsigned() != nil, reader.skip(1), let hasScaling = reader.bit()
            else {
                return nil
            }
            if hasScaling {
                guard Self.skipScaling(&reader, lists: chroma == 3 ? 12 : 8) else { return nil }
            }
        }
        guard reader.unsigned() != nil, Self.skipOrder(&reader), reader.unsigned() != nil, reader.skip(1),
            let wide = reader.unsigned(), let tall = reader.unsigned(), let framesOnly = reader.bit()
        else { return nil }
        if !framesOnly { guard reader.skip(1) else { return nil } }
        guard reader.skip(1), let isCropped = reader.bit() else { return nil }
        let fields = framesOnly ? 1 : 2
        var (cropX, cropY) = (0, 0)
        if isCropped {
            guard let left = reader.unsigned(), let right = reader.unsigned(), let top = reader.unsigned(),
                let bottom = reader.unsigned()
            else { return nil }
            let planar = chroma == 0 || isSeparate
            cropX = (left + right) * (planar || chroma == 3 ? 1 : 2)
            cropY = (top + bottom) * (planar || chroma != 1 ? 1 : 2) * fields
        }
        guard wide < 1024, tall < 1024 else { return nil }
        width = (wide + 1) * 16 - cropX
        height = (tall + 1) * 16 * fields - cropY
        guard width > 0, height > 0 else { return nil }
        coding = reader.read(of: unit.dropFirst())
        reorder = profile == 66 ? 0 : nil
        guard reader.bit() == true, let hasAspect = reader.bit() else { return }
        if hasAspect {
            guard let shape = PixelShape.read(&reader) else { return }
            pixel = shape
        }
        if let depth = Self.reorder(&reader) { reorder = depth }
    }

    private static func skipScaling(_ reader: inout BitReader, lists: Int) -> Bool {
        for list in 0..<lists {
            guard let isPresent = reader.bit() else { return false }
            guard isPresent else { continue }
            var (last, next) = (8, 8)
            for _ in 0..<(list < 6 ? 16 : 64) {
                if next != 0 {
                    guard let delta = reader.signed() else { return false }
                    next = (last + delta + 256) % 256
                }
                last = next == 0 ? last : next
            }
        }
        return true
    }

    private static func skipOrder(_ reader: inout BitReader) -> Bool {
        switch reader.unsigned() {
        case 0: return reader.unsigned() != nil
        case 1:
            guard reader.skip(1), reader.signed() != nil, reader.signed() != nil, let count = reader.unsigned(),
                count < 256
            else { return false }
            for _ in 0..<count { guard reader.signed() != nil else { return false } }
            return true
        case 2: return true
        default: return false
        }
    }

    /// Returns the reorder depth of the bitstream restriction at the end of the VUI (ITU-T H.264, E.1.1), whose aspect ratio
    /// has been read.
    private static func reorder(_ reader: inout BitReader) -> Int? {
        guard let hasOverscan = reader.bit() else { return nil }
        if hasOverscan { guard reader.skip(1) else { return nil } }
        guard let hasSignal = reader.bit() else { return nil }
        if hasSignal {
            guard reader.skip(4), let hasColours = reader.bit(), !hasColours || reader.skip(24) else { return nil }
        }
        guard let hasChroma = reader.bit() else { return nil }
        if hasChroma { guard reader.unsigned() != nil, reader.unsigned() != nil else { return nil } }
        guard let hasTiming = reader.bit(), !hasTiming || reader.skip(65) else { return nil }
        guard let hasNAL = reader.bit(), !hasNAL || skipBuffer(&reader) else { return nil }
        guard let hasVCL = reader.bit(), !hasVCL || skipBuffer(&reader) else { return nil }
        if hasNAL || hasVCL { guard reader.skip(1) else { return nil } }
        guard reader.skip(1), reader.bit() == true, reader.skip(1) else { return nil }
        for _ in 0..<4 { guard reader.unsigned() != nil else { return nil } }
        return reader.unsigned()
    }

    private static func skipBuffer(_ reader: inout BitReader) -> Bool {
        guard let count = reader.unsigned(), count < 32, reader.skip(8) else { return false }
        for _ in 0...count {
            guard reader.unsigned() != nil, reader.unsigned() != nil, reader.skip(1) else { return false }
        }
        return reader.skip(20)
    }

    /// Parses an H.265 NAL unit of type 33 (ITU-T H.265, 7.3.2.2.1); `nil` when it is damaged.
    init?(h265 unit: [UInt8]) {
        guard unit.count > 15 else { return nil }
        var reader = BitReader(payload: unit.dropFirst(2))
        guard reader.skip(4), let layers = reader.bits(3).map(Int.init), reader.skip(1 + 3),
            let profile = reader.bits(5), reader.skip(88)
        else { return nil }
        var sublayers: [(profile: Bool, level: Bool)] = []
        for _ in 0..<layers {
            guard let profile = reader.bit(), let level = reader.bit() else { return nil }
            sublayers.append((profile, level))
        }
        if layers > 0 { guard reader.skip(2 * (8 - layers)) else { return nil } }
        for sublayer in sublayers {
            guard reader.skip((sublayer.profile ? 88 : 0) + (sublayer.level ? 8 : 0)) else { return nil }
        }
        guard let id = reader.unsigned(), let chroma = reader.unsigned(), chroma <= 3 else { return nil }
        self.id = id
        if chroma == 3 { guard reader.skip(1) else { return nil } }
        guard let wide = reader.unsigned(), let tall = reader.unsigned(), let isCropped = reader.bit() else {
            return nil
        }
        var (cropX, cropY) = (0, 0)
        if isCropped {
            guard let left = reader.unsigned(), let right = reader.unsigned(), let top = reader.unsigned(),
                let bottom = reader.unsigned()
            else { return nil }
            cropX = (left + right) * (chroma == 1 || chroma == 2 ? 2 : 1)
            cropY = (top + bottom) * (chroma == 1 ? 2 : 1)
        }
        (width, height) = (wide - cropX, tall - cropY)
        guard (1...16_384).contains(width), (1...16_384).contains(height) else { return nil }
        guard reader.unsigned() != nil, reader.unsigned() != nil, let counterBits = reader.unsigned(),
            counterBits <= 12,
            let perLayer = reader.bit()
        else { return nil }
        for _ in (perLayer ? 0 : layers)...layers {
            guard reader.unsigned() != nil, let depth = reader.unsigned(), reader.unsigned() != nil else { return nil }
            reorder = depth
        }
        coding = unit
        guard PixelShape.skipCoding(&reader, counterBits: counterBits + 4) else { return }
        // Extensions follow the usability information. Main, Main 10 and Main Still Picture have none (ITU-T H.265, A.3).
        if (1...3).contains(profile) { coding = reader.read(of: unit.dropFirst(2)) }
        pixel = PixelShape(h265: &reader)
    }
}

extension BitReader {
    /// How many bits are left.
    private var rest: Int {
        var reader = self
        // Each power of two fits once at most.
        return (0..<40).reversed().reduce(0) { reader.skip(1 << $1) ? $0 + 1 << $1 : $0 }
    }

    /// Returns what has been read of `payload`, with which this reader was made, and how many bits of the last byte it was.
    fileprivate func read(of payload: some Sequence<UInt8>) -> [UInt8] {
        var reader = BitReader(payload: payload)
        let count = reader.rest - rest
        var bytes: [UInt8] = []
        for _ in 0..<count / 8 { bytes.append(UInt8(reader.bits(8) ?? 0)) }
        return bytes + [UInt8(reader.bits(count % 8) ?? 0), UInt8(count % 8)]
    }
}
