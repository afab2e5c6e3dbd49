import CLibAV
import GuardianCore

extension PictureFrame {
    /// Encodes the frame as a JPEG file (4:2:0, JFIF), in the shape in which it is shown.
    ///
    /// - Parameters:
    ///   - quality: 1 (smallest file) to 100.
    ///   - width: pixels to scale down to, keeping the aspect ratio; `nil` keeps `displaySize`.
    /// - Throws: `internal` when libav's encoder fails.
    public func jpeg(quality: Int = 85, width: Int? = nil) throws -> [UInt8] {
        let size = displaySize
        let target = min(size.width, max(16, width ?? size.width)) & ~1
        let targetHeight = max(2, (size.height * target / max(1, size.width)) & ~1)
        guard let encoder = avcodec_find_encoder(AV_CODEC_ID_MJPEG), let made = avcodec_alloc_context3(encoder) else {
            throw GuardianError(.internal, "This build of FFmpeg's libraries has no JPEG encoder.")
        }
        var context: UnsafeMutablePointer<AVCodecContext>? = made
        defer { avcodec_free_context(&context) }
        made.pointee.width = Int32(target)
        made.pointee.height = Int32(targetHeight)
        made.pointee.pix_fmt = AV_PIX_FMT_YUVJ420P
        made.pointee.time_base = AVRational(num: 1, den: 25)
        made.pointee.thread_count = 1
        made.pointee.flags |= AV_CODEC_FLAG_QSCALE
        // MPEG's quantiser scale: 31 is the coarsest; below 2 files grow without a visible gain.
        let scale = 31 - Int32(Double(min(max(1, quality), 100) - 1) / 99 * 29)
        made.pointee.global_quality = scale * guardian_av_qp2lambda()
        var code = avcodec_open2(made, encoder, nil)
        guard code >= 0 else { throw GuardianError.libav(code, "Encoding a JPEG") }

        var frame = try converted(width: target, height: targetHeight)
        defer { av_frame_free(&frame) }
        frame?.pointee.quality = scale * guardian_av_qp2lambda()
        code = avcodec_send_frame(made, frame)
        guard code >= 0 else { throw GuardianError.libav(code, "Encoding a JPEG") }
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        code = avcodec_receive_packet(made, packet)
        guard code >= 0, let bytes = packet?.pointee.data, let size = packet?.pointee.size else {
            throw GuardianError.libav(code, "Encoding a JPEG")
        }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
    }

    /// Converts the frame to full-range 4:2:0 of this size; the caller frees the result.
    private func converted(width: Int, height: Int) throws -> UnsafeMutablePointer<AVFrame>? {
        var target = av_frame_alloc()
        guard let made = target else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Encoding a JPEG") }
        made.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
        made.pointee.width = Int32(width)
        made.pointee.height = Int32(height)
        made.pointee.color_range = AVCOL_RANGE_JPEG
        let code = av_frame_get_buffer(made, 0)
        guard code >= 0 else {
            av_frame_free(&target)
            throw GuardianError.libav(code, "Encoding a JPEG")
        }
        let frame = storage.frame
        guard
            let scaler = sws_getContext(
                frame.pointee.width, frame.pointee.height, AVPixelFormat(frame.pointee.format), Int32(width),
                Int32(height),
                AV_PIX_FMT_YUVJ420P, Int32(SWS_BICUBIC), nil, nil, nil)
        else {
            av_frame_free(&target)
            throw GuardianError(.unimplemented, "Frames of this pixel format cannot be converted.")
        }
        defer { sws_freeContext(scaler) }
        let isFullRange =
            frame.pointee.color_range == AVCOL_RANGE_JPEG
            || AVPixelFormat(frame.pointee.format) == AV_PIX_FMT_YUVJ420P
        let space = frame.pointee.colorspace == AVCOL_SPC_BT709 ? SWS_CS_ITU709 : SWS_CS_DEFAULT
        // JFIF has only one colour matrix, BT.601.
        if let from = sws_getCoefficients(Int32(space)), let to = sws_getCoefficients(Int32(SWS_CS_DEFAULT)) {
            sws_setColorspaceDetails(scaler, from, isFullRange ? 1 : 0, to, 1, 0, 1 << 16, 1 << 16)
        }
        let scaled = sws_scale_frame(scaler, made, frame)
        guard scaled >= 0 else {
            av_frame_free(&target)
            throw GuardianError.libav(scaled, "Encoding a JPEG")
        }
        return target
    }
}
