import CLibAV
import GuardianCore

extension PictureFrame {
    /// Returns the luma of the whole frame, scaled to `width` x `height`: one byte per pixel, row by row, in the
    /// stream's own range.
    ///
    /// - Throws: `invalidArgument` for a size outside 1…8,192, `unimplemented` for frames that cannot be converted.
    public func luma(width: Int, height: Int) throws -> [UInt8] {
        try luma(region: Box(x: 0, y: 0, width: 1, height: 1), width: width, height: height)
    }

    /// Returns the luma of a region of the frame, scaled to `width` x `height`.
    public func luma(region: Box, width: Int, height: Int) throws -> [UInt8] {
        let format = AVPixelFormat(storage.frame.pointee.format)
        guard let layout = av_pix_fmt_desc_get(format)?.pointee, layout.comp.0.depth == 8, layout.comp.0.step == 1,
            layout.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL) == 0
        else { return try scaled(region, width, height, to: AV_PIX_FMT_GRAY8, bytesPerPixel: 1) }
        // Luma is a separate plane: no conversion is needed.
        return try scaled(region, width, height, from: AV_PIX_FMT_GRAY8, to: AV_PIX_FMT_GRAY8, bytesPerPixel: 1)
    }

    /// Returns a region of the frame as RGB24, row by row, scaled to `width` x `height`. Only the region is converted;
    /// it is clipped to the frame and widened to whole chroma samples.
    ///
    /// - Throws: `invalidArgument` for a size outside 1…8,192 or a region outside the frame.
    public func rgb(region: Box = Box(x: 0, y: 0, width: 1, height: 1), width: Int, height: Int) throws -> [UInt8] {
        try scaled(region, width, height, to: AV_PIX_FMT_RGB24, bytesPerPixel: 3)
    }

    private func scaled(
        _ region: Box, _ width: Int, _ height: Int, from: AVPixelFormat? = nil, to: AVPixelFormat, bytesPerPixel: Int
    ) throws -> [UInt8] {
        guard (1...8192).contains(width), (1...8192).contains(height) else {
            throw GuardianError(.invalidArgument, "A frame cannot be scaled to \(width) x \(height).")
        }
        let stride = width * bytesPerPixel
        // libswscale's vector code writes whole registers, beyond the end of the last row.
        let overrun = 128
        // `draw` throws when libswscale fails; of a whole picture libswscale writes all `height` rows.
        return try [UInt8](unsafeUninitializedCapacity: stride * height + overrun) { buffer, count in
            try draw(
                region, from: from, into: buffer.baseAddress, stride: stride, width: width, height: height, format: to)
            count = stride * height
        }
    }

    private func draw(
        _ region: Box, from: AVPixelFormat?, into target: UnsafeMutablePointer<UInt8>?, stride: Int, width: Int,
        height: Int, format: AVPixelFormat
    ) throws {
        let frame = storage.frame.pointee
        let source = from ?? AVPixelFormat(frame.format)
        let crop = try Crop(region, of: self, format: source)
        let flags = crop.width > 2 * width ? SWS_AREA : SWS_BILINEAR
        guard
            let scaler = sws_getContext(
                Int32(crop.width), Int32(crop.height), source, Int32(width), Int32(height), format, Int32(flags), nil,
                nil,
                nil)
        else { throw GuardianError(.unimplemented, "Frames of this pixel format cannot be converted.") }
        defer { sws_freeContext(scaler) }
        if format == AV_PIX_FMT_RGB24 { Self.setColours(scaler, frame) }
        let planes = crop.planes(of: frame)
        let strides = [frame.linesize.0, frame.linesize.1, frame.linesize.2, frame.linesize.3]
        let outputs: [UnsafeMutablePointer<UInt8>?] = [target, nil, nil, nil]
        let outputStrides: [Int32] = [Int32(stride), 0, 0, 0]
        // Without it, memory that was never written would be taken for pixels.
        let code = sws_scale(scaler, planes, strides, 0, Int32(crop.height), outputs, outputStrides)
        guard code >= 0 else { throw GuardianError.libav(code, "Scaling a picture") }
    }

    private static func setColours(_ scaler: OpaquePointer, _ frame: AVFrame) {
        let isFullRange = frame.color_range == AVCOL_RANGE_JPEG || AVPixelFormat(frame.format) == AV_PIX_FMT_YUVJ420P
        let space = frame.colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_DEFAULT
        guard let table = sws_getCoefficients(Int32(space)) else { return }
        sws_setColorspaceDetails(scaler, table, isFullRange ? 1 : 0, table, 1, 0, 1 << 16, 1 << 16)
    }
}

/// A region of a frame in whole pixels, aligned to its chroma samples.
private struct Crop {
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    private var shiftX: Int
    private var shiftY: Int
    private var steps: [Int]

    init(_ region: Box, of picture: PictureFrame, format: AVPixelFormat) throws {
        guard let layout = av_pix_fmt_desc_get(format)?.pointee else {
            throw GuardianError(.unimplemented, "Frames of this pixel format cannot be converted.")
        }
        shiftX = Int(layout.log2_chroma_w)
        shiftY = Int(layout.log2_chroma_h)
        steps = [0, 0, 0, 0]
        for component in [layout.comp.0, layout.comp.1, layout.comp.2, layout.comp.3].prefix(Int(layout.nb_components))
        where (0..<4).contains(component.plane) {
            steps[Int(component.plane)] = max(steps[Int(component.plane)], Int(component.step))
        }
        let clipped = region.clipped
        guard clipped.width > 0, clipped.height > 0, clipped.width.isFinite, clipped.height.isFinite else {
            throw GuardianError(.invalidArgument, "The region is outside the frame.")
        }
        let (fullWidth, fullHeight) = (Double(picture.width), Double(picture.height))
        x = (Int(clipped.x * fullWidth) >> shiftX) << shiftX
        y = (Int(clipped.y * fullHeight) >> shiftY) << shiftY
        width = min(picture.width, max(x + 1, Int((clipped.right * fullWidth).rounded(.up)))) - x
        height = min(picture.height, max(y + 1, Int((clipped.bottom * fullHeight).rounded(.up)))) - y
        guard width > 0, height > 0 else {
            throw GuardianError(.invalidArgument, "The region is outside the frame.")
        }
    }

    /// Returns the start of the region in each plane.
    func planes(of frame: AVFrame) -> [UnsafePointer<UInt8>?] {
        let bases = [frame.data.0, frame.data.1, frame.data.2, frame.data.3]
        let strides = [frame.linesize.0, frame.linesize.1, frame.linesize.2, frame.linesize.3].map(Int.init)
        return (0..<4).map { plane in
            guard let base = bases[plane], steps[plane] > 0 else { return nil }
            let isChroma = plane == 1 || plane == 2
            let row = isChroma ? y >> shiftY : y
            let column = isChroma ? x >> shiftX : x
            return UnsafePointer(base + row * strides[plane] + column * steps[plane])
        }
    }
}
