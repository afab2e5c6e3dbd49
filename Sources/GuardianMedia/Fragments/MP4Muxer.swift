import CLibAV
import GuardianCore

/// libav's MP4 muxer, writing into memory. Fragments end only where `cut` is called.
final class MP4Muxer {
    private var context: UnsafeMutablePointer<AVFormatContext>?
    private let sink = ByteSink()
    private let video: UnsafeMutablePointer<AVStream>
    private var audio: UnsafeMutablePointer<AVStream>?

    init(stream: StreamDescription) throws {
        guardian_av_silence()
        var context: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&context, nil, "mp4", nil)
        guard code >= 0, let made = context else { throw GuardianError.libav(code, "Creating an MP4") }
        do {
            video = try Self.addVideo(stream, to: made)
            if let description = stream.audio { audio = try Self.addAudio(description, to: made) }
            made.pointee.pb = try sink.open()
        } catch {
            avformat_free_context(made)
            throw error
        }
        made.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        self.context = made
    }

    deinit {
        avformat_free_context(context)
        sink.close()
    }

    private static func addVideo(
        _ stream: StreamDescription, to context: UnsafeMutablePointer<AVFormatContext>
    ) throws -> UnsafeMutablePointer<AVStream> {
        let track = try add(stream.extradata, to: context)
        let parameters = track.pointee.codecpar
        parameters?.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        parameters?.pointee.codec_id = stream.codec.libavID
        parameters?.pointee.width = Int32(clamping: stream.width)
        parameters?.pointee.height = Int32(clamping: stream.height)
        if stream.codec == .h265 { parameters?.pointee.codec_tag = guardian_av_tag(0x68, 0x76, 0x63, 0x31) }
        if let pixel = stream.pixel {
            let shape = AVRational(num: Int32(clamping: pixel.width), den: Int32(clamping: pixel.height))
            parameters?.pointee.sample_aspect_ratio = shape
            track.pointee.sample_aspect_ratio = shape
        }
        track.pointee.time_base = AVRational(num: 1, den: Int32(Ticks.perSecond))
        return track
    }

    private static func addAudio(
        _ audio: AudioDescription, to context: UnsafeMutablePointer<AVFormatContext>
    ) throws -> UnsafeMutablePointer<AVStream> {
        let track = try add(audio.configuration, to: context)
        let parameters = track.pointee.codecpar
        parameters?.pointee.codec_type = AVMEDIA_TYPE_AUDIO
        parameters?.pointee.codec_id = AV_CODEC_ID_AAC
        parameters?.pointee.sample_rate = Int32(clamping: audio.sampleRate)
        parameters?.pointee.frame_size = 1024
        if let parameters { av_channel_layout_default(&parameters.pointee.ch_layout, Int32(clamping: audio.channels)) }
        track.pointee.time_base = AVRational(num: 1, den: Int32(clamping: max(1, audio.sampleRate)))
        return track
    }

    private static func add(
        _ extradata: [UInt8], to context: UnsafeMutablePointer<AVFormatContext>
    ) throws -> UnsafeMutablePointer<AVStream> {
        guard let track = avformat_new_stream(context, nil),
            let copy = av_mallocz(extradata.count + Int(guardian_av_padding()))
        else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Creating an MP4") }
        copy.copyMemory(from: extradata, byteCount: extradata.count)
        track.pointee.codecpar.pointee.extradata = copy.assumingMemoryBound(to: UInt8.self)
        track.pointee.codecpar.pointee.extradata_size = Int32(extradata.count)
        return track
    }

    /// Returns the init segment: `ftyp` and `moov`.
    func begin() throws -> [UInt8] {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        // frag_discont: a track that starts later than the other keeps its start time in `tfdt`.
        av_dict_set(&options, "movflags", "frag_custom+empty_moov+default_base_moof+frag_discont", 0)
        av_dict_set(&options, "use_editlist", "0", 0)
        let code = avformat_write_header(context, &options)
        guard code >= 0 else { throw GuardianError.libav(code, "Creating an MP4") }
        return sink.take()
    }

    func write(_ packet: Packet, origin: Ticks) throws {
        guard let track = packet.kind == .video ? video : audio else { return }
        var copy = withExtendedLifetime(packet.storage) { av_packet_clone(packet.storage.packet) }
        defer { av_packet_free(&copy) }
        guard let copy else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Writing an MP4") }
        let ticks = AVRational(num: 1, den: Int32(Ticks.perSecond))
        copy.pointee.stream_index = track.pointee.index
        copy.pointee.time_base = track.pointee.time_base
        copy.pointee.pts = av_rescale_q((packet.pts - origin).count, ticks, track.pointee.time_base)
        copy.pointee.dts = av_rescale_q((packet.dts - origin).count, ticks, track.pointee.time_base)
        copy.pointee.duration = av_rescale_q(packet.duration.count, ticks, track.pointee.time_base)
        copy.pointee.pos = -1
        copy.pointee.flags = packet.isKeyframe ? AV_PKT_FLAG_KEY : 0
        let code = av_write_frame(context, copy)
        guard code >= 0 else { throw GuardianError.libav(code, "Writing an MP4") }
    }

    /// Returns `moof` and `mdat` of everything written since the previous cut.
    func cut() throws -> [UInt8] {
        let code = av_write_frame(context, nil)
        guard code >= 0 else { throw GuardianError.libav(code, "Writing an MP4") }
        return sink.take()
    }
}

/// Collects the bytes that libav writes.
private final class ByteSink {
    private var bytes: [UInt8] = []
    private var context: UnsafeMutablePointer<AVIOContext>?

    /// Returns an I/O context that writes here, valid until `close`. It does not retain this object.
    func open() throws -> UnsafeMutablePointer<AVIOContext> {
        let size = 1 << 16
        guard let buffer = av_malloc(size),
            let made = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 1, Unmanaged.passUnretained(self).toOpaque(),
                nil,
                { opaque, bytes, count in
                    guard let opaque, let bytes else { return guardian_av_error(EINVAL) }
                    Unmanaged<ByteSink>.fromOpaque(opaque).takeUnretainedValue().bytes.append(
                        contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                    return count
                }, nil)
        else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Creating an MP4") }
        context = made
        return made
    }

    func take() -> [UInt8] {
        avio_flush(context)
        defer { bytes = [] }
        return bytes
    }

    func close() {
        if let buffer = context?.pointee.buffer { av_free(buffer) }
        avio_context_free(&context)
    }
}
