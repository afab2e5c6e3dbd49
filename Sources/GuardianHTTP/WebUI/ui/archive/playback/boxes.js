// Parses fragmented MP4 (ISO/IEC 14496-12) as far as the player needs it: the tracks and the positions of fragments.
import { u32 } from "../sealed/bytes.js";

const u64 = (bytes, at) => u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);
const name = (bytes, at) => String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
const hex = (byte) => byte.toString(16).padStart(2, "0");

/** The boxes between two offsets, each `{ type, begin, body, end }`; `end` may be beyond the available bytes. */
function* boxes(bytes, from = 0, to = bytes.length) {
    for (let at = from; at + 8 <= to;) {
        const size = u32(bytes, at);
        const isLarge = size === 1 && at + 16 <= to;
        const whole = isLarge ? u64(bytes, at + 8) : size === 0 ? to - at : size;
        if (whole < 8) return;
        yield { type: name(bytes, at + 4), begin: at, body: at + (isLarge ? 16 : 8), end: at + whole };
        at += whole;
    }
}

function inside(bytes, box, ...path) {
    for (const type of path) {
        box = box && [...boxes(bytes, box.body, Math.min(box.end, bytes.length))].find((each) => each.type === type);
    }
    return box ?? null;
}

/**
 * Parses the start of a fragmented MP4. Returns `{ init, mime, tracks }`; `null` when more bytes are needed; `undefined` when it is not a
 * fragmented MP4, or has an unknown codec.
 */
export function readMovie(bytes) {
    for (const box of boxes(bytes)) {
        if (box.type === "moov") return box.end <= bytes.length ? attempt(() => describe(bytes, box)) : null;
        if (!["ftyp", "free", "skip", "uuid", "styp"].includes(box.type)) return undefined;
    }
    return null;
}

/** Returns `undefined` when parsing fails because a required box is missing or too short. */
function attempt(work) {
    try {
        return work();
    } catch (error) {
        if (error instanceof TypeError || error instanceof RangeError) return undefined;
        throw error;
    }
}

function describe(bytes, movie) {
    const tracks = new Map();
    for (const track of boxes(bytes, movie.body, movie.end)) {
        if (track.type !== "trak") continue;
        const media = inside(bytes, track, "mdia");
        const header = inside(bytes, media, "mdhd");
        const entry = inside(bytes, media, "minf", "stbl", "stsd");
        const id = u32(bytes, inside(bytes, track, "tkhd").body + (bytes[inside(bytes, track, "tkhd").body] ? 20 : 12));
        const codec = entry && codecOf(bytes, entry);
        if (!codec) return undefined;
        tracks.set(id, { isVideo: codec.isVideo, codec: codec.text, timescale: u32(bytes, header.body + (bytes[header.body] ? 20 : 12)), duration: 0, flags: 0 });
    }
    const extends_ = inside(bytes, movie, "mvex");
    if (!extends_ || tracks.size === 0) return undefined;
    for (const each of boxes(bytes, extends_.body, extends_.end)) {
        const track = each.type === "trex" && tracks.get(u32(bytes, each.body + 4));
        if (track) Object.assign(track, { duration: u32(bytes, each.body + 12), flags: u32(bytes, each.body + 20) });
    }
    const all = [...tracks.values()];
    return { init: bytes.slice(0, movie.end), tracks, mime: `${all.some((each) => each.isVideo) ? "video" : "audio"}/mp4; codecs="${all.map((each) => each.codec).join(", ")}"` };
}

/** The codec of a track in the notation of RFC 6381. */
function codecOf(bytes, description) {
    const [entry] = boxes(bytes, description.body + 8, description.end);
    if (!entry) return null;
    const isVideo = entry.type !== "mp4a";
    const children = [...boxes(bytes, entry.body + (isVideo ? 78 : 28), entry.end)];
    const find = (type) => children.find((each) => each.type === type);
    const avc = find("avcC");
    if (avc) return { isVideo, text: `${entry.type}.${[1, 2, 3].map((place) => hex(bytes[avc.body + place])).join("")}` };
    const hevc = find("hvcC");
    if (hevc) return { isVideo, text: hevcText(entry.type, bytes.subarray(hevc.body, hevc.end)) };
    const sound = find("esds");
    const text = sound && aacText(bytes.subarray(sound.body, sound.end));
    return text ? { isVideo, text } : null;
}

function hevcText(type, configuration) {
    const space = ["", "A", "B", "C"][configuration[1] >> 6];
    let compatible = 0;
    for (let bit = 0; bit < 32; bit += 1) compatible = (compatible * 2 + ((u32(configuration, 2) >>> bit) & 1));
    const constraints = [...configuration.subarray(6, 12)];
    while (constraints.at(-1) === 0) constraints.pop();
    const tier = configuration[1] & 32 ? "H" : "L";
    return [type, `${space}${configuration[1] & 31}`, compatible.toString(16), `${tier}${configuration[12]}`, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join(".");
}

/**
 * Names the sound that an esds box describes (RFC 6381, 3.3): the object type of its DecoderConfigDescriptor (ISO/IEC 14496-1, 7.2.6) and, for
 * MPEG-4 sound, that of its AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). `null` when a descriptor is not where it must be.
 */
function aacText(bytes) {
    let at = 4;
    const enter = (tag) => {
        const isThere = bytes[at] === tag;
        at += 1;
        for (let count = 1; bytes[at] & 0x80 && count < 4; count += 1) at += 1;
        at += 1;
        return isThere && at < bytes.length;
    };
    if (!enter(3)) return null;
    const flags = bytes[at + 2];
    at += 3 + (flags & 0x80 ? 2 : 0);
    if (flags & 0x40) at += 1 + bytes[at];
    if (flags & 0x20) at += 2;
    if (!enter(4)) return null;
    const kind = bytes[at];
    if (kind !== 0x40) return `mp4a.${hex(kind).toUpperCase()}`;
    at += 13;
    if (!enter(5)) return null;
    const type = bytes[at] >> 3;
    // 31 says that the type follows in six more bits.
    return `mp4a.40.${type === 31 ? 32 + ((bytes[at] & 7) << 3) + (bytes[at + 1] >> 5) : type || 2}`;
}

/** Finds the offset of the next fragment at or after `from`; -1 when there is none. Media data may contain "moof" too, so the following box must be a valid mfhd. */
export function findFragment(bytes, from) {
    for (let at = from; at + 24 <= bytes.length; at += 1) {
        if (bytes[at + 4] === 0x6d && name(bytes, at + 4) === "moof" && name(bytes, at + 12) === "mfhd" && u32(bytes, at + 8) === 16) return at;
    }
    return -1;
}

/**
 * Parses the fragment at an offset. Returns `{ begin, finish, isKey, size }`: times in seconds of its first video track, `size` in bytes including
 * the media data; `null` when more bytes are needed; `undefined` when it is malformed or of an unknown track.
 */
export function readFragment(bytes, at, tracks) {
    const length = u32(bytes, at);
    return at + length + 8 > bytes.length ? null : attempt(() => describeFragment(bytes, at, length, tracks));
}

function describeFragment(bytes, at, length, tracks) {
    const fragment = { body: at + 8, end: at + length };
    const runs = [...boxes(bytes, fragment.body, fragment.end)].filter((box) => box.type === "traf").map((box) => readTrack(bytes, box, tracks)).filter(Boolean);
    const main = runs.find((run) => run.isVideo) ?? runs[0];
    if (!main) return undefined;
    const media = [...boxes(bytes, fragment.end)].find((box) => box.type === "mdat");
    return { begin: main.begin, finish: main.finish, isKey: main.isKey, size: (media ?? fragment).end - at };
}

function readTrack(bytes, box, tracks) {
    const header = inside(bytes, box, "tfhd");
    const track = header && tracks.get(u32(bytes, header.body + 4));
    const time = inside(bytes, box, "tfdt");
    if (!track || !time) return null;
    const present = u32(bytes, header.body) & 0xffffff;
    let at = header.body + 8 + (present & 1 ? 8 : 0) + (present & 2 ? 4 : 0);
    const optional = (flag, fallback) => {
        if (!(present & flag)) return fallback;
        at += 4;
        return u32(bytes, at - 4);
    };
    const duration = optional(8, track.duration);
    optional(16, 0); // skips default_sample_size
    const flags = optional(32, track.flags);
    const begin = bytes[time.body] ? u64(bytes, time.body + 4) : u32(bytes, time.body + 4);
    let length = 0;
    let first = null;
    for (const run of boxes(bytes, box.body, box.end)) {
        if (run.type !== "trun") continue;
        const has = u32(bytes, run.body) & 0xffffff;
        const count = u32(bytes, run.body + 4);
        let place = run.body + 8 + (has & 1 ? 4 : 0);
        const firstFlags = has & 4 ? u32(bytes, place) : null;
        place += has & 4 ? 4 : 0;
        const stride = [0x100, 0x200, 0x400, 0x800].filter((flag) => has & flag).length * 4;
        if (count > 0) first ??= firstFlags ?? (has & 0x400 ? u32(bytes, place + (has & 0x100 ? 4 : 0) + (has & 0x200 ? 4 : 0)) : flags);
        if (!(has & 0x100)) length += count * duration;
        // A box may claim to be longer than the bytes that are there: a crafted one must not keep the loop running.
        else for (let sample = 0, end = Math.min(run.end, bytes.length); sample < count && place + (sample + 1) * stride <= end; sample += 1) length += u32(bytes, place + sample * stride);
    }
    return { isVideo: track.isVideo, begin: begin / track.timescale, finish: (begin + length) / track.timescale, isKey: ((first ?? flags) & 0x10000) === 0 };
}
