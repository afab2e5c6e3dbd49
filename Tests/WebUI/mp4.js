// Writes small fragmented MP4 files (ISO/IEC 14496-12), so that tests can set every field that the parser reads.
const bytesOf = (...values) => Buffer.concat(values.map((value) => (typeof value === "number" ? u32(value) : typeof value === "string" ? Buffer.from(value, "latin1") : Buffer.from(value))));
export const u32 = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value >>> 0); return bytes; };
export const u64 = (value) => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64BE(BigInt(value)); return bytes; };

/** A box; its content is of numbers (32 bits each), texts and bytes. */
export function box(type, ...content) {
    const body = bytesOf(...content);
    return bytesOf(8 + body.length, type, body);
}

const zeros = (count) => Buffer.alloc(count);

/** Sample entries: 78 bytes of fields before the boxes of a video track, 28 before those of an audio track. */
export const avc1 = (profile = [0x64, 0x00, 0x1f]) => box("avc1", zeros(78), box("avcC", [1, ...profile, 0xff]));
export const hvc1 = (configuration) => box("hvc1", zeros(78), box("hvcC", [1, ...configuration, ...zeros(10)]));

/** `lengthBytes`: descriptors may write their length in one byte or, as ffmpeg does, in four. `kind`: 0x40 is MPEG-4 sound; `optional`: fields before
 * the decoder's descriptor. */
export function mp4a({ objectType = 2, bitRate = 0x0001_f400, lengthBytes = 4, kind = 0x40, flags = 0, optional = [] } = {}) {
    const descriptor = (tag, ...content) => {
        const body = bytesOf(...content);
        return bytesOf([tag, ...new Array(lengthBytes - 1).fill(0x80), body.length], body);
    };
    const configuration = descriptor(5, objectType < 31 ? [(objectType << 3) | 4, 0x10] : [0xf8 | ((objectType - 32) >> 3), ((objectType - 32) & 7) << 5, 0x10]);
    const decoder = descriptor(4, [kind, 0x15, 0, 0, 0], bitRate, bitRate, configuration);
    return box("mp4a", zeros(28), box("esds", 0, descriptor(3, [0, 1, flags, ...optional], decoder, descriptor(6, [2]))));
}

function track({ id, timescale, entry, version = 0 }) {
    const times = version === 1 ? zeros(16) : zeros(8);
    return box("trak",
        box("tkhd", [version, 0, 0, 7], times, id, zeros(60)),
        box("mdia",
            box("mdhd", [version, 0, 0, 0], times, timescale, zeros(8)),
            box("hdlr", zeros(24)),
            box("minf", box("stbl", box("stsd", 0, 1, entry)))));
}

/** The beginning of a file. Each track: `{ id, timescale, entry, version, duration, flags }`, the last two as defaults of its samples. */
export function init(...tracks) {
    const defaults = tracks.map(({ id, duration = 0, flags = 0 }) => box("trex", 0, id, 1, duration, 0, flags));
    return bytesOf(box("ftyp", "iso5", 512, "iso5"), box("moov", box("mvhd", zeros(100)), ...tracks.map(track), box("mvex", ...defaults)));
}

export const sync = 0x0200_0000;
export const nonSync = 0x0101_0000;

/** A track's run of samples. Only what is given is written. */
export function run({ id = 1, begin, version = 1, durations, sizes, count = (durations ?? sizes)?.length ?? 1, defaultDuration, defaultFlags, firstFlags, flags, offset = true }) {
    const header = [
        (defaultDuration === undefined ? 0 : 8) | (defaultFlags === undefined ? 0 : 32) | 0x20000, id,
        ...(defaultDuration === undefined ? [] : [defaultDuration]), ...(defaultFlags === undefined ? [] : [defaultFlags]),
    ];
    const has = (offset ? 1 : 0) | (firstFlags === undefined ? 0 : 4) | (durations ? 0x100 : 0) | (sizes ? 0x200 : 0) | (flags ? 0x400 : 0);
    const samples = Array.from({ length: count }, (_, index) => [durations, sizes, flags].flatMap((list) => (list ? [list[index]] : []))).flat();
    return box("traf", box("tfhd", ...header), box("tfdt", [version, 0, 0, 0], version === 1 ? u64(begin) : u32(begin)),
        box("trun", has, count, ...(offset ? [0] : []), ...(firstFlags === undefined ? [] : [firstFlags]), ...samples));
}

/** A fragment of runs with its media data. */
export const fragment = (media, ...runs) => bytesOf(box("moof", box("mfhd", 0, 1), ...runs), box("mdat", media));
