/// The tracks of a `moov` box, as far as parsing fragments needs them.
struct MovieTracks {
    struct Track {
        var id: UInt32
        /// Units per second.
        var timescale: UInt32
        var isVideo: Bool
        var defaultDuration: UInt32
        var defaultFlags: UInt32
    }

    private(set) var tracks: [Track] = []

    /// Returns `nil` when there is no video track with a timescale.
    init?(moov: [UInt8]) {
        let boxes = moov.boxes()
        let defaults =
            boxes.first { $0.type == "mvex" }?.contents.boxes().filter { $0.type == "trex" }.map(\.contents) ?? []
        for box in boxes where box.type == "trak" {
            guard let header = box.contents.first("tkhd"), let media = box.contents.first("mdia"),
                let mediaHeader = media.first("mdhd"), let handler = media.first("hdlr")
            else { continue }
            let id = header.uint32(header.first == 1 ? 20 : 12)
            let timescale = mediaHeader.uint32(mediaHeader.first == 1 ? 20 : 12)
            guard timescale > 0 else { continue }
            let extends = defaults.first { $0.uint32(4) == id } ?? []
            tracks.append(
                Track(
                    id: id, timescale: timescale, isVideo: handler.uint32(8) == 0x7669_6465,
                    defaultDuration: extends.uint32(12), defaultFlags: extends.uint32(20)))
        }
        guard tracks.contains(where: \.isVideo) else { return nil }
    }

    var video: Track? { tracks.first(where: \.isVideo) }
}

/// The video of one `moof` box (ISO/IEC 14496-12, 8.8).
struct MovieFragment: Equatable {
    /// In units of the track's timescale.
    var start: Int64
    var end: Int64
    var startsWithKeyframe: Bool

    /// Returns `nil` when it contains no video.
    init?(moof: [UInt8], track: MovieTracks.Track) {
        for (type, contents) in moof.boxes() where type == "traf" {
            guard let header = contents.first("tfhd"), header.uint32(4) == track.id,
                let time = contents.first("tfdt")
            else { continue }
            let (duration, flags) = Self.defaults(header, track)
            start = time.first == 1 ? Int64(clamping: min(time.uint64(4), 1 << 52)) : Int64(time.uint32(4))
            end = start
            startsWithKeyframe = false
            var isFirst = true
            for (type, run) in contents.boxes() where type == "trun" {
                let (length, firstFlags) = Self.run(run, duration, flags)
                // A damaged fragment may have any number of runs of any length.
                end = min(end + length, 1 << 53)
                // Bit 16 of a sample's flags is set for non-sync samples (8.8.3.1).
                if isFirst { startsWithKeyframe = firstFlags & 0x1_0000 == 0 }
                isFirst = false
            }
            guard !isFirst else { return nil }
            return
        }
        return nil
    }

    private static func defaults(_ header: [UInt8], _ track: MovieTracks.Track) -> (UInt32, UInt32) {
        let present = header.uint32(0) & 0xFF_FFFF
        var offset = 8
        if present & 0x1 != 0 { offset += 8 }
        if present & 0x2 != 0 { offset += 4 }
        var (duration, flags) = (track.defaultDuration, track.defaultFlags)
        if present & 0x8 != 0 {
            duration = header.uint32(offset)
            offset += 4
        }
        if present & 0x10 != 0 { offset += 4 }
        if present & 0x20 != 0 { flags = header.uint32(offset) }
        return (duration, flags)
    }

    /// Returns the duration of a `trun` and the flags of its first sample.
    private static func run(_ run: [UInt8], _ duration: UInt32, _ flags: UInt32) -> (Int64, UInt32) {
        let present = run.uint32(0) & 0xFF_FFFF
        // An `mdat` is smaller than 16 MB, which limits the sample count; a higher number is damaged.
        let count = min(Int(run.uint32(4)), 1 << 16)
        var offset = 8
        if present & 0x1 != 0 { offset += 4 }
        var firstFlags = flags
        if present & 0x4 != 0 {
            firstFlags = run.uint32(offset)
            offset += 4
        }
        let width = [0x100, 0x200, 0x400, 0x800].count { present & $0 != 0 } * 4
        if present & 0x4 == 0, present & 0x400 != 0 {
            firstFlags = run.uint32(offset + [0x100, 0x200].count { present & $0 != 0 } * 4)
        }
        guard present & 0x100 != 0 else { return (Int64(count) * Int64(duration), firstFlags) }
        var length: Int64 = 0
        for sample in 0..<count {
            guard offset + sample * width + 4 <= run.count else { break }
            length += Int64(run.uint32(offset + sample * width))
        }
        return (length, firstFlags)
    }
}
