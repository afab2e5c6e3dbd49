// archive/playback/boxes.js: what the player reads from a fragmented MP4.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";
import { avc1, box, fragment, hvc1, init, mp4a, nonSync, run, sync, u32, u64 } from "./mp4.js";
import { plain } from "./sealer.js";

const { findFragment, readFragment, readMovie } = await load("archive/playback/boxes.js");
const video = { id: 1, timescale: 90_000, entry: avc1(), duration: 6000, flags: nonSync };
const audio = { id: 2, timescale: 48_000, entry: mp4a(), duration: 1024, flags: sync };
const movie = (...tracks) => readMovie(plain(init(...tracks)));
const { tracks } = movie(video, audio);
const read = (...runs) => { const bytes = plain(fragment(Buffer.alloc(10), ...runs)); return readFragment(bytes, 0, tracks); };

test("tracks are read with their time scale and codec, whatever the version of their headers", () => {
    for (const version of [0, 1]) {
        const found = movie({ ...video, version }, { ...audio, version });
        assert.equal(found.mime, 'video/mp4; codecs="avc1.64001f, mp4a.40.2"');
        assert.deepEqual([...found.tracks].map(([id, track]) => [id, track.timescale, track.isVideo, track.duration]), [[1, 90_000, true, 6000], [2, 48_000, false, 1024]]);
    }
    assert.equal(movie(audio).mime, 'audio/mp4; codecs="mp4a.40.2"');
});

test("the beginning ends with the moov box and is copied", () => {
    const start = init(video);
    const bytes = plain(Buffer.concat([start, fragment(Buffer.alloc(100), run({ begin: 0 }))]));
    const found = readMovie(bytes);
    assert.deepEqual(found.init, plain(start));
    bytes.fill(0);
    assert.deepEqual(found.init, plain(start));
});

test("codecs are named as RFC 6381 says", () => {
    const codec = (entry) => /codecs="(.*)"/.exec(movie({ ...video, entry }).mime)[1];
    assert.equal(codec(avc1([0x42, 0xc0, 0x0a])), "avc1.42c00a");
    // Main profile, compatible with 1 and 2 (bits are written in reverse), main tier, level 3.1, one constraint byte.
    assert.equal(codec(hvc1([0x01, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93])), "hvc1.1.6.L93.90");
    assert.equal(codec(hvc1([0x62, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 120])), "hvc1.A2.4.H120");
    for (const lengthBytes of [1, 4]) assert.equal(codec(mp4a({ objectType: 5, lengthBytes })), "mp4a.40.5");
    // Every field before the configuration may hold the byte 5, which is also the configuration's tag.
    assert.equal(codec(mp4a({ bitRate: 0x0505_0505 })), "mp4a.40.2");
    assert.equal(codec(mp4a({ flags: 0xe5, optional: [5, 5, 3, 5, 5, 5, 5, 5], bitRate: 0x05, objectType: 29 })), "mp4a.40.29");
    assert.equal(codec(mp4a({ objectType: 42 })), "mp4a.40.42");
    assert.equal(codec(mp4a({ kind: 0x6b })), "mp4a.6B");
    assert.equal(codec(mp4a({ kind: 0x67 })), "mp4a.67");
});

test("a file whose beginning is not complete needs more bytes", () => {
    const bytes = plain(init(video, audio));
    for (let length = 0; length < bytes.length; length += 1) assert.equal(readMovie(bytes.subarray(0, length)), null, `${length} bytes`);
    assert.ok(readMovie(bytes));
});

test("a file that is not a fragmented MP4 or has an unknown codec is not taken for a short one", () => {
    const unknown = init({ ...video, entry: box("vp09", Buffer.alloc(78), box("vpcC", 0)) });
    const whole = Buffer.concat([box("ftyp", "isom"), box("moov", box("mvhd", 0))]);
    for (const bytes of [unknown, whole, box("mdat", "picture"), Buffer.from("\xff\xd8\xff\xe0 a picture"), Buffer.concat([box("ftyp", "isom"), box("moov", box("trak"))])]) {
        assert.equal(readMovie(plain(bytes)), undefined);
    }
    assert.equal(readMovie(plain(Buffer.concat([u32(7), Buffer.from("moov"), Buffer.alloc(20)]))), null, "a size of less than its head ends the reading");
});

test("times are those of the first video track, in seconds", () => {
    const found = read(run({ id: 2, begin: 0, defaultDuration: 1024, count: 47 }), run({ begin: 90_000 * 7, count: 15, firstFlags: sync }));
    assert.deepEqual([found.begin, found.finish, found.isKey], [7, 8, true]);
    assert.equal(readFragment(plain(fragment([], run({ id: 2, begin: 96_000, count: 1 }))), 0, tracks).begin, 2, "without video, those of the audio");
});

test("a duration is taken from the samples, else from the run's track, else from the movie", () => {
    assert.equal(read(run({ begin: 0, durations: [9000, 18_000, 27_000] })).finish, 0.6);
    assert.equal(read(run({ begin: 0, durations: [9000, 18_000], sizes: [100, 200], flags: [sync, nonSync] })).finish, 0.3, "between other fields");
    assert.equal(read(run({ begin: 0, durations: [9000, 18_000], firstFlags: sync })).finish, 0.3, "after the first sample's flags");
    assert.equal(read(run({ begin: 0, count: 10, defaultDuration: 4500 })).finish, 0.5);
    assert.ok(Math.abs(read(run({ begin: 0, count: 30 })).finish - 2) < 1e-12);
});

test("the flags of the first sample decide whether a fragment begins with a keyframe", () => {
    const isKey = (flags) => read(run({ begin: 0, ...flags })).isKey;
    assert.equal(isKey({}), false, "the movie's default");
    assert.equal(isKey({ defaultFlags: sync }), true);
    assert.equal(isKey({ defaultFlags: sync, firstFlags: nonSync }), false);
    assert.equal(isKey({ firstFlags: sync }), true);
    assert.equal(isKey({ durations: [1, 1], sizes: [2, 2], flags: [sync, nonSync] }), true);
    assert.equal(isKey({ durations: [1, 1], sizes: [2, 2], flags: [nonSync, sync] }), false);
    assert.equal(isKey({ sizes: [2, 2], flags: [sync, nonSync], offset: false }), true);
});

test("times of more than 32 bits are read", () => {
    assert.equal(read(run({ begin: 90_000 * 1e7 })).begin, 1e7);
    assert.equal(read(run({ begin: 0xffff_0000, version: 0 })).begin, 0xffff_0000 / 90_000);
});

test("a fragment's size includes its media, in whichever way its length is written", () => {
    const moof = fragment([], run({ begin: 0 })).subarray(0, -8);
    const large = Buffer.concat([u32(1), Buffer.from("mdat"), u64(16 + 500), Buffer.alloc(500)]);
    assert.equal(readFragment(plain(Buffer.concat([moof, box("free", Buffer.alloc(20)), box("mdat", Buffer.alloc(30))])), 0, tracks).size, moof.length + 28 + 38);
    assert.equal(readFragment(plain(Buffer.concat([moof, large])), 0, tracks).size, moof.length + 516);
    assert.equal(readFragment(plain(Buffer.concat([moof, box("mdat", Buffer.alloc(900)).subarray(0, 8)])), 0, tracks).size, moof.length + 908, "also where the media is not there yet");
});

test("a fragment that is not complete needs more bytes, one of an unknown track is none", () => {
    const bytes = plain(fragment([], run({ begin: 0 })));
    for (let length = 8; length < bytes.length; length += 1) assert.equal(readFragment(bytes.subarray(0, length), 0, tracks), null, `${length} bytes`);
    assert.equal(read(run({ id: 9, begin: 0 })), undefined);
    assert.equal(read(), undefined);
    assert.equal(read(box("traf", box("tfhd", 0, 1))), undefined, "no time");
});

test("the next fragment is found, but not the same letters in media data", () => {
    const one = fragment(Buffer.from("....moof....mfhd....moof    "), run({ begin: 0 }));
    const bytes = plain(Buffer.concat([Buffer.alloc(3), one, one]));
    assert.equal(findFragment(bytes, 0), 3);
    assert.equal(findFragment(bytes, 3), 3);
    assert.equal(findFragment(bytes, 4), 3 + one.length);
    assert.equal(findFragment(bytes, 4 + one.length), -1);
    assert.equal(findFragment(bytes.subarray(0, 3 + 23), 0), -1, "its header must be complete");
    assert.equal(findFragment(bytes.subarray(0, 3 + 24), 0), 3);
    assert.equal(findFragment(new Uint8Array(0), 0), -1);
});

test("a box that claims samples beyond its bytes ends with the bytes", () => {
    const bytes = fragment(Buffer.alloc(10), run({ begin: 0, durations: [3000] }));
    const [outer, inner] = [bytes.indexOf("traf"), bytes.indexOf("trun")];
    for (const type of [outer, inner]) u32(0xffff_fff0).copy(bytes, type - 4);
    u32(0xffff_ffff).copy(bytes, inner + 8);
    // Without the bound, the loop runs for minutes over bytes that do not exist.
    const found = readFragment(plain(bytes), 0, tracks);
    assert.ok(found === undefined || found.finish < 1e6);
});
