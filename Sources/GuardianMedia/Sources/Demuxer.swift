import CLibAV
import GuardianCore

/// An open file or connection, read with libav. Used from one thread.
final class Demuxer {
    /// One packet as libav read it.
    struct Unit {
        var storage: PacketStorage
        var kind: Packet.Kind
        var pts: Ticks?
        var dts: Ticks?
        var duration: Ticks
        var isKeyframe: Bool
    }

    private let context: UnsafeMutablePointer<AVFormatContext>
    private let interruption: Interruption
    private let redirects: RedirectGuard
    private var scratch: UnsafeMutablePointer<AVPacket>?
    private(set) var video: UnsafeMutablePointer<AVStream>
    private(set) var audio: UnsafeMutablePointer<AVStream>?
    /// libav's names of the streams that are not read.
    private(set) var dropped: [String] = []

    /// The codec of pictures that come as NAL units after start codes.
    private let unitCodec: VideoCodec?

    /// Whether the time of the last call was over when it returned.
    private var isOverdue = false

    /// Opens `address`.
    ///
    /// - Parameters:
    ///   - redirects: watches where a camera's redirects lead; `nil` for a file.
    ///   - what: names it in error messages instead of the address, which may contain a password.
    ///   - probing: reads ahead to determine the streams; needed for files, not for RTSP.
    init(
        address: Secret<String>, redirects: RedirectGuard? = nil, what: String,
        options: [String: String], probing: Bool,
        wantsAudio: Bool, interruption: Interruption
    ) throws {
        guardian_av_silence()
        let redirects = redirects ?? RedirectGuard(interruption)
        self.redirects = redirects
        self.interruption = interruption
        var context = avformat_alloc_context()
        guard context != nil else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Opening \(what)") }
        redirects.context = context
        context?.pointee.interrupt_callback = AVIOInterruptCB(
            callback: { opaque in
                guard let opaque else { return 0 }
                return Unmanaged<RedirectGuard>.fromOpaque(opaque).takeUnretainedValue().mustEnd ? 1 : 0
            }, opaque: Unmanaged.passUnretained(redirects).toOpaque())
        var dictionary: OpaquePointer?
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        let code = avformat_open_input(&context, address.reveal(), nil, &dictionary)
        av_dict_free(&dictionary)
        guard code >= 0, let opened = context else {
            // libav has freed it.
            redirects.context = nil
            if let redirect = redirects.redirect { throw redirect }
            throw redirects.error(code, "Opening \(what)")
        }
        do {
            if probing {
                let code = avformat_find_stream_info(opened, nil)
                guard code >= 0 else { throw interruption.error(code, "Reading \(what)") }
            }
            guard let video = Self.video(of: opened) else {
                throw GuardianError(.invalidArgument, "There is no video in \(what).")
            }
            self.video = video
        } catch {
            avformat_close_input(&context)
            redirects.context = nil
            throw error
        }
        self.context = opened
        let parameters = video.pointee.codecpar.pointee
        let codec = VideoCodec(parameters.codec_id)
        unitCodec = codec.isRecordable && Self.extradata(parameters).first != 1 ? codec : nil
        for index in 0..<Int(opened.pointee.nb_streams) {
            guard let stream = opened.pointee.streams[index], stream != video else { continue }
            let parameters = stream.pointee.codecpar.pointee
            if wantsAudio, audio == nil, parameters.codec_id == AV_CODEC_ID_AAC, parameters.extradata_size > 0 {
                audio = stream
            } else {
                stream.pointee.discard = AVDISCARD_ALL
                dropped.append(String(cString: avcodec_get_name(parameters.codec_id)))
            }
        }
        scratch = av_packet_alloc()
    }

    /// Returns the stream with the largest pictures, as films have previews beside them; libav's choice among equal ones, which
    /// all are over RTSP, where the size is not known yet. A cover of a sound file is no video.
    private static func video(of context: UnsafeMutablePointer<AVFormatContext>) -> UnsafeMutablePointer<AVStream>? {
        let pictures = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS
        let videos = (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }.filter { stream in
            stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
                && stream.pointee.disposition & pictures == 0
        }
        func size(_ stream: UnsafeMutablePointer<AVStream>) -> Int {
            Int(stream.pointee.codecpar.pointee.width) * Int(stream.pointee.codecpar.pointee.height)
        }
        let largest = videos.map(size).max() ?? 0
        let best = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
        return videos.first { Int32($0.pointee.index) == best && size($0) == largest }
            ?? videos.first { size($0) == largest }
    }

    /// Degrees by which the pictures are to be turned clockwise: 0 to 359.
    var rotation: Int {
        guard let matrix = av_stream_get_side_data(video, AV_PKT_DATA_DISPLAYMATRIX, nil) else { return 0 }
        let angle = matrix.withMemoryRebound(to: Int32.self, capacity: 9) { av_display_rotation_get($0) }
        return angle.isFinite ? (Int((-angle).rounded()) % 360 + 360) % 360 : 0
    }

    /// The turn that makes the pictures upright; `nil` when none does: they are mirrored, or at an odd angle.
    var turn: QuarterTurn? {
        guard let matrix = av_stream_get_side_data(video, AV_PKT_DATA_DISPLAYMATRIX, nil) else {
            return QuarterTurn.none
        }
        // Rows of three: the first two of the first two rows turn (libavutil/display.h).
        let isMirrored = matrix.withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
            Double(matrix[0]) * Double(matrix[4]) - Double(matrix[1]) * Double(matrix[3]) <= 0
        }
        return isMirrored ? nil : QuarterTurn(rawValue: rotation)
    }

    deinit {
        av_packet_free(&scratch)
        var closed: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closed)
    }

    /// Start of the file's timeline; 0 when it is not specified.
    var start: Ticks {
        let start = context.pointee.start_time
        guard start != guardian_av_nopts() else { return 0 }
        let ticks = av_rescale(start, Ticks.perSecond, Int64(AV_TIME_BASE))
        return Plausible.mediaTicks.contains(ticks) ? Ticks(ticks) : 0
    }

    /// UTC of the timeline's zero in microseconds; `nil` until RTCP has sent it.
    var zeroTime: Int64? {
        let time = context.pointee.start_time_realtime
        return time == guardian_av_nopts() ? nil : time
    }

    /// Duration of one frame by the container, or 0.
    var frameDuration: Ticks {
        let rate = video.pointee.avg_frame_rate
        guard rate.num > 0, rate.den > 0 else { return 0 }
        // Without timestamps each packet adds one duration: sums of any number of packets must not overflow.
        return Ticks(min(av_rescale(Ticks.perSecond, Int64(rate.den), Int64(rate.num)), 1 << 26))
    }

    /// Reorder depth as far as probing found it: how many frames may be decoded before one that is shown earlier.
    var reorder: Int { Int(video.pointee.codecpar.pointee.video_delay) }

    /// The stream's description by the container; width, height and parameter sets may be missing over RTSP.
    var description: StreamDescription {
        let parameters = video.pointee.codecpar.pointee
        return StreamDescription(
            codec: VideoCodec(parameters.codec_id), extradata: Self.extradata(parameters),
            width: Int(parameters.width), height: Int(parameters.height),
            audio: audio.map { stream in
                let parameters = stream.pointee.codecpar.pointee
                return AudioDescription(
                    configuration: Self.extradata(parameters), sampleRate: Int(parameters.sample_rate),
                    channels: Int(parameters.ch_layout.nb_channels))
            })
    }

    private static func extradata(_ parameters: AVCodecParameters) -> [UInt8] {
        guard let bytes = parameters.extradata, parameters.extradata_size > 0 else { return [] }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(parameters.extradata_size)))
    }

    /// Reads the next packet of the wanted streams; `nil` at the end.
    func read(_ what: String) throws -> Unit? {
        guard let scratch else { throw GuardianError.libav(guardian_av_error(ENOMEM), "Reading \(what)") }
        // A call that ran out of time may first give the frame that libav's parser held.
        guard !isOverdue else { throw redirects.error(guardian_av_exit(), "Reading \(what)") }
        while true {
            let code = av_read_frame(context, scratch)
            isOverdue = interruption.isDue
            if code == guardian_av_eof(), !interruption.isDue { return nil }
            guard code >= 0 else { throw redirects.error(code, "Reading \(what)") }
            let stream: UnsafeMutablePointer<AVStream>
            let kind: Packet.Kind
            if scratch.pointee.stream_index == video.pointee.index {
                (stream, kind) = (video, .video)
            } else if let audio, scratch.pointee.stream_index == audio.pointee.index {
                (stream, kind) = (audio, .audio)
            } else {
                av_packet_unref(scratch)
                continue
            }
            guard av_packet_get_side_data(scratch, AV_PKT_DATA_ENCRYPTION_INFO, nil) == nil else {
                av_packet_unref(scratch)
                throw GuardianError(.failedPrecondition, "\(what) is encrypted: decrypt it first.")
            }
            guard hasContent(scratch.pointee, kind) else {
                av_packet_unref(scratch)
                continue
            }
            let base = stream.pointee.time_base
            let packet = scratch.pointee
            return Unit(
                storage: try PacketStorage(moving: scratch), kind: kind, pts: Self.ticks(packet.pts, base),
                dts: Self.ticks(packet.dts, base),
                duration: min(max(0, Self.ticks(packet.duration, base) ?? 0), Ticks(1 << 32)),
                isKeyframe: packet.flags & AV_PKT_FLAG_KEY != 0)
        }
    }

    /// Whether there is anything in a packet to decode. Where a stream is cut off, libav gives what came of the next picture, which may
    /// be its delimiter alone. Players report that as damage.
    private func hasContent(_ packet: AVPacket, _ kind: Packet.Kind) -> Bool {
        guard packet.size > 0, let data = packet.data else { return false }
        guard kind == .video, let unitCodec else { return true }
        return AnnexB(bytes: UnsafeRawBufferPointer(start: data, count: Int(packet.size))).hasSlice(unitCodec)
    }

    private static func ticks(_ value: Int64, _ base: AVRational) -> Ticks? {
        guard value != guardian_av_nopts(), base.num > 0, base.den > 0 else { return nil }
        let ticks = av_rescale_q(value, base, AVRational(num: 1, den: Int32(Ticks.perSecond)))
        // A damaged file may contain any number; sums of accepted times must not overflow.
        return Plausible.mediaTicks.contains(ticks) ? Ticks(ticks) : nil
    }
}
