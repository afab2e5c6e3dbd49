import CLibAV
import GuardianCore

/// Decodes one stream on the calling thread. Used by one thread at a time.
public final class VideoDecoder {
    /// What is skipped to save time.
    public struct Options: Sendable, Hashable {
        /// Skips the deblocking filter: a quarter less work, but errors accumulate until the next keyframe.
        public var skipsLoopFilter: Bool
        /// Decodes only keyframes.
        public var keyframesOnly: Bool

        public init(skipsLoopFilter: Bool = false, keyframesOnly: Bool = false) {
            self.skipsLoopFilter = skipsLoopFilter
            self.keyframesOnly = keyframesOnly
        }
    }

    /// May be changed between two packets.
    public var options: Options {
        didSet { apply() }
    }

    private var context: UnsafeMutablePointer<AVCodecContext>?
    private var scratch: UnsafeMutablePointer<AVFrame>?

    /// - Throws: `unimplemented` when there is no decoder for the codec, `invalidArgument` when its parameter sets are
    ///   invalid.
    public init(stream: StreamDescription, options: Options = Options()) throws {
        guardian_av_silence()
        self.options = options
        guard let codec = avcodec_find_decoder(stream.codec.libavID) else {
            throw GuardianError(.unimplemented, "There is no decoder for \(stream.codec.name) video.")
        }
        context = avcodec_alloc_context3(codec)
        scratch = av_frame_alloc()
        guard let context, scratch != nil else {
            throw GuardianError.libav(guardian_av_error(ENOMEM), "Creating a decoder")
        }
        context.pointee.thread_count = 1
        // Larger than any camera's frames: limits the memory that a malicious stream can use.
        context.pointee.max_pixels = 1 << 26
        context.pointee.pkt_timebase = AVRational(num: 1, den: Int32(Ticks.perSecond))
        context.pointee.width = Int32(clamping: stream.width)
        context.pointee.height = Int32(clamping: stream.height)
        if !stream.extradata.isEmpty {
            guard let copy = av_mallocz(stream.extradata.count + Int(guardian_av_padding())) else {
                throw GuardianError.libav(guardian_av_error(ENOMEM), "Creating a decoder")
            }
            copy.copyMemory(from: stream.extradata, byteCount: stream.extradata.count)
            context.pointee.extradata = copy.assumingMemoryBound(to: UInt8.self)
            context.pointee.extradata_size = Int32(stream.extradata.count)
        }
        apply()
        let code = avcodec_open2(context, codec, nil)
        guard code >= 0 else { throw GuardianError.libav(code, "Opening the \(stream.codec.name) decoder") }
    }

    deinit {
        avcodec_free_context(&context)
        av_frame_free(&scratch)
    }

    private func apply() {
        context?.pointee.skip_loop_filter = options.skipsLoopFilter ? AVDISCARD_ALL : AVDISCARD_DEFAULT
        context?.pointee.skip_frame = options.keyframesOnly ? AVDISCARD_NONKEY : AVDISCARD_DEFAULT
    }

    /// Returns the frames that `packet` completes: none, one, or several when frames are reordered.
    ///
    /// A packet that cannot be decoded yields no frame: cameras lose packets, and decoding recovers at the next
    /// keyframe. Throws only when memory runs out.
    public func decode(_ packet: Packet) throws -> [PictureFrame] {
        guard packet.kind == .video else { return [] }
        return try withExtendedLifetime(packet.storage) {
            guard let copy = av_packet_clone(packet.storage.packet) else {
                throw GuardianError.libav(guardian_av_error(ENOMEM), "Decoding")
            }
            var freed: UnsafeMutablePointer<AVPacket>? = copy
            defer { av_packet_free(&freed) }
            copy.pointee.pts = packet.pts.count
            copy.pointee.dts = packet.dts.count
            copy.pointee.duration = packet.duration.count
            return try run(copy)
        }
    }

    /// Returns the frames that are still in the decoder, at the end of a stream or before a gap. Decoding then restarts
    /// at a keyframe.
    public func flush() throws -> [PictureFrame] {
        let frames = try run(nil)
        if let context { avcodec_flush_buffers(context) }
        return frames
    }

    private func run(_ packet: UnsafeMutablePointer<AVPacket>?) throws -> [PictureFrame] {
        guard let context, let scratch else { return [] }
        var frames: [PictureFrame] = []
        var isSent = false
        while true {
            if !isSent {
                let code = avcodec_send_packet(context, packet)
                if code == guardian_av_error(ENOMEM) { throw GuardianError.libav(code, "Decoding") }
                isSent = code != guardian_av_error(EAGAIN)
            }
            let code = avcodec_receive_frame(context, scratch)
            if code == guardian_av_error(EAGAIN) || code == guardian_av_eof() {
                if isSent { return frames }
                continue
            }
            if code == guardian_av_error(ENOMEM) { throw GuardianError.libav(code, "Decoding") }
            guard code >= 0 else {
                if isSent { return frames }
                continue
            }
            if scratch.pointee.width > 0, scratch.pointee.data.0 != nil {
                frames.append(try PictureFrame(moving: scratch))
            }
            av_frame_unref(scratch)
        }
    }
}
