import CLibAV
import GuardianCore

/// By how much a film's pictures are to be turned before they are shown, clockwise, in degrees.
public enum QuarterTurn: Int, Sendable, Hashable {
    case none = 0
    case right = 90
    case half = 180
    case left = 270

    /// Whether width and height change places.
    public var swapsSides: Bool { self == .right || self == .left }
}

extension PictureFrame {
    /// Returns the picture turned; its pixels are copied unless there is nothing to turn.
    ///
    /// - Throws: `unimplemented` for frames that cannot be converted.
    public func turned(_ turn: QuarterTurn) throws -> PictureFrame {
        guard turn != .none else { return self }
        let format = AVPixelFormat(storage.frame.pointee.format)
        guard let planes = TurnablePlanes(format) else {
            return try converted(to: AV_PIX_FMT_YUV420P).turned(turn)
        }
        let source = storage.frame
        let (width, height) = turn.swapsSides ? (self.height, self.width) : (self.width, self.height)
        return try Self.made(like: source, width: width, height: height, format: format) { target in
            let shape = source.pointee.sample_aspect_ratio
            if turn.swapsSides, shape.num > 0 {
                target.pointee.sample_aspect_ratio = AVRational(num: shape.den, den: shape.num)
            }
            for plane in planes.planes {
                guard let from = source.data(plane.index), let to = target.data(plane.index) else { continue }
                let shift = plane.isChroma ? planes.chromaShift : 0
                let size = (width: -(-self.width >> shift), height: -(-self.height >> shift))
                if planes.bytes == 1 {
                    Self.turn(from, to, size, turn, UInt8.self)
                } else {
                    Self.turn(from, to, size, turn, UInt16.self)
                }
            }
        }
    }

    /// Copies the samples of one plane of `size` to where they are after the turn.
    private static func turn<Sample: FixedWidthInteger>(
        _ source: Plane, _ target: Plane, _ size: (width: Int, height: Int), _ turn: QuarterTurn, _: Sample.Type
    ) {
        let step = MemoryLayout<Sample>.size
        for y in 0..<size.height {
            let row = UnsafeRawPointer(source.start + y * source.stride)
            for x in 0..<size.width {
                let (column, line) =
                    switch turn {
                    case .none: (x, y)
                    case .right: (size.height - 1 - y, x)
                    case .half: (size.width - 1 - x, size.height - 1 - y)
                    case .left: (y, size.width - 1 - x)
                    }
                let sample = row.loadUnaligned(fromByteOffset: x * step, as: Sample.self)
                UnsafeMutableRawPointer(target.start + line * target.stride)
                    .storeBytes(of: sample, toByteOffset: column * step, as: Sample.self)
            }
        }
    }

    private func converted(to format: AVPixelFormat) throws -> PictureFrame {
        let source = storage.frame
        let isFullByFormat = [AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ411P].contains {
            $0.rawValue == source.pointee.format
        }
        return try Self.made(like: source, width: width, height: height, format: format) { target in
            if isFullByFormat { target.pointee.color_range = AVCOL_RANGE_MPEG }
            guard
                let scaler = sws_getContext(
                    Int32(width), Int32(height), AVPixelFormat(source.pointee.format), Int32(width), Int32(height),
                    format, Int32(SWS_BILINEAR), nil, nil, nil)
            else { throw GuardianError(.unimplemented, "Frames of this pixel format cannot be turned.") }
            defer { sws_freeContext(scaler) }
            let code = sws_scale_frame(scaler, target, source)
            guard code >= 0 else { throw GuardianError.libav(code, "Turning a picture") }
        }
    }

    /// Makes a frame with buffers of its own and the properties of another one, and fills it.
    private static func made(
        like source: UnsafeMutablePointer<AVFrame>, width: Int, height: Int, format: AVPixelFormat,
        _ fill: (UnsafeMutablePointer<AVFrame>) throws -> Void
    ) throws -> PictureFrame {
        var made = av_frame_alloc()
        defer { av_frame_free(&made) }
        guard let target = made else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Turning a picture") }
        target.pointee.format = format.rawValue
        target.pointee.width = Int32(width)
        target.pointee.height = Int32(height)
        var code = av_frame_get_buffer(target, 0)
        if code >= 0 { code = av_frame_copy_props(target, source) }
        guard code >= 0 else { throw GuardianError.libav(code, "Turning a picture") }
        try fill(target)
        return try PictureFrame(moving: target)
    }
}

/// The memory of one plane: its first row, and the bytes from one row to the next.
private struct Plane {
    var start: UnsafeMutablePointer<UInt8>
    var stride: Int
}

extension UnsafeMutablePointer<AVFrame> {
    fileprivate func data(_ plane: Int) -> Plane? {
        let starts = [pointee.data.0, pointee.data.1, pointee.data.2, pointee.data.3]
        let strides = [pointee.linesize.0, pointee.linesize.1, pointee.linesize.2, pointee.linesize.3]
        guard starts.indices.contains(plane), let start = starts[plane] else { return nil }
        return Plane(start: start, stride: Int(strides[plane]))
    }
}

/// The planes of a pixel format that can be turned as it is: each component has a plane of its own, and colour is as coarse
/// down as it is across.
private struct TurnablePlanes {
    var planes: [(index: Int, isChroma: Bool)]
    var chromaShift: Int
    /// Of one sample.
    var bytes: Int

    init?(_ format: AVPixelFormat) {
        let special = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BITSTREAM
        guard let layout = av_pix_fmt_desc_get(format)?.pointee, layout.flags & UInt64(special) == 0,
            layout.log2_chroma_w == layout.log2_chroma_h
        else { return nil }
        let components = [layout.comp.0, layout.comp.1, layout.comp.2, layout.comp.3].prefix(Int(layout.nb_components))
        guard let bytes = components.first.map({ Int($0.step) }), bytes == 1 || bytes == 2,
            components.allSatisfy({ Int($0.step) == bytes && $0.offset == 0 }),
            Set(components.map(\.plane)).count == components.count
        else { return nil }
        let isColour = layout.flags & UInt64(AV_PIX_FMT_FLAG_RGB) == 0
        planes = components.enumerated().map { number, component in
            (Int(component.plane), isColour && (number == 1 || number == 2))
        }
        chromaShift = Int(layout.log2_chroma_w)
        self.bytes = bytes
    }
}
