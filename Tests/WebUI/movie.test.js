// archive/playback/movie.js: finding a time in a long clip with few reads. The clip is generated, so every answer is known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";
import { avc1, box, fragment, init, nonSync, run, sync } from "./mp4.js";
import { plain } from "./sealer.js";

const { Movie, NotFragmented } = await load("archive/playback/movie.js");
const timescale = 1000;
const start = init({ id: 1, timescale, entry: avc1(), duration: 40, flags: nonSync });

/** A clip with a fragment a second; `size(index)`: bytes of its media; every `every`-th begins with a keyframe. */
function film({ seconds = 60, size = () => 20_000, every = 2, base = 0, cut = 0 } = {}) {
    const pieces = [start];
    const fragments = [];
    let offset = start.length;
    for (let index = 0; index < seconds; index += 1) {
        const isKey = index % every === 0;
        const piece = fragment(Buffer.alloc(size(index), index), run({ begin: (base + index) * timescale, count: 25, ...(isKey ? { firstFlags: sync } : {}) }));
        fragments.push({ offset, isKey, begin: index });
        pieces.push(piece);
        offset += piece.length;
    }
    const bytes = plain(Buffer.concat(pieces));
    return { clip: clipOf(bytes.subarray(0, bytes.length - cut)), fragments };
}

/** A clip as `open` returns it, which counts what is read. */
function clipOf(bytes) {
    const clip = { length: bytes.length, reads: 0, total: 0 };
    clip.read = async (from, length) => {
        const piece = bytes.slice(from, Math.max(from, from + length));
        clip.reads += 1;
        clip.total += piece.length;
        return piece;
    };
    return clip;
}

const wanted = (fragments, seconds) => fragments.filter((each) => each.isKey && each.begin <= seconds).at(-1).offset;

const films = {
    "an even film": { seconds: 300 },
    "a film that is large at its end": { seconds: 300, size: (index) => (index < 200 ? 500 : 90_000) },
    "a film that is large at its beginning": { seconds: 300, size: (index) => (index < 100 ? 90_000 : 500) },
    "a film with fragments larger than a read": { seconds: 20, size: () => 400_000 },
    "a film with few keyframes": { seconds: 200, every: 40, size: () => 20_000 },
    "a film of one fragment": { seconds: 1 },
    "a part that begins late": { seconds: 200, base: 5_000_000 },
};

for (const [name, options] of Object.entries(films)) {
    test(`in ${name} every time is found`, async () => {
        const { clip, fragments } = film(options);
        const movie = await Movie.begin(clip);
        assert.equal(movie.base, options.base ?? 0);
        const tries = [0, 0.5, 1, 1.9, 2, options.seconds / 3, options.seconds / 2, options.seconds - 1, options.seconds, options.seconds + 100];
        for (const seconds of tries) assert.equal(await movie.locate(seconds), wanted(fragments, seconds), `${seconds} s, before the duration is known`);
        assert.equal(await movie.measure(), options.seconds);
        for (const seconds of tries) assert.equal(await movie.locate(seconds), wanted(fragments, seconds), `${seconds} s`);
    });
}

test("a time before the beginning gives the first fragment", async () => {
    const { clip, fragments } = film();
    assert.equal(await (await Movie.begin(clip)).locate(-5), fragments[0].offset);
});

test("only a small part of a long clip is read", async () => {
    const { clip } = film({ seconds: 600, size: () => 60_000 });
    const movie = await Movie.begin(clip);
    await movie.measure();
    clip.reads = clip.total = 0;
    await movie.locate(400);
    assert.ok(clip.total < clip.length / 10, `${clip.total} of ${clip.length} bytes`);
});

test("the duration is that of the last whole fragment", async () => {
    const { clip } = film({ seconds: 60, cut: 100 });
    const movie = await Movie.begin(clip);
    assert.equal(movie.duration, null);
    assert.equal(await movie.measure(), 59);
    const { clip: headless } = film({ seconds: 60, cut: 20_050 });
    assert.equal(await (await Movie.begin(headless)).measure(), 59, "cut in a fragment's head");
});

test("a first fragment that is not whole has no duration yet", async () => {
    const { clip } = film({ seconds: 1, cut: 10 });
    assert.equal(await (await Movie.begin(clip)).measure(), null);
});

test("the letters of a fragment's header in media data do not mislead the search", async () => {
    const picture = Buffer.alloc(20_000, "....moof....mfhd....");
    const pieces = Array.from({ length: 200 }, (_, index) => fragment(picture, run({ begin: index * timescale, count: 25, firstFlags: sync })));
    const offsets = pieces.map((_, index) => start.length + index * pieces[0].length);
    const movie = await Movie.begin(clipOf(plain(Buffer.concat([start, ...pieces]))));
    assert.equal(await movie.measure(), 200);
    for (const seconds of [0, 77, 150.5, 199]) assert.equal(await movie.locate(seconds), offsets[Math.floor(seconds)], `${seconds} s`);
});

test("a beginning that is larger than the first read is read completely", async () => {
    const bytes = plain(Buffer.concat([box("free", Buffer.alloc(150_000)), start, fragment(Buffer.alloc(10), run({ begin: 0, firstFlags: sync }))]));
    const movie = await Movie.begin(clipOf(bytes));
    assert.equal(movie.init.length, 150_008 + start.length);
});

test("a file that is not a fragmented MP4 is rejected", async () => {
    const whole = Buffer.concat([box("ftyp", "isom"), box("moov", box("mvhd", 0)), box("mdat", Buffer.alloc(100_000))]);
    for (const bytes of [Buffer.alloc(0), start, whole, box("ftyp", "isom"), Buffer.alloc(200_000, 0x20), box("free", Buffer.alloc(5_000_000))]) {
        await assert.rejects(Movie.begin(clipOf(plain(bytes))), NotFragmented);
    }
});

test("times before and after a damaged segment are found", async () => {
    const { clip, fragments } = film({ seconds: 300 });
    const [from, to] = [fragments[150].offset + 5000, fragments[150].offset + 9000];
    const { read } = clip;
    clip.read = async (at, length) => {
        if (at < to && at + length > from) throw Object.assign(new Error("damaged"), { offset: from });
        return read(at, length);
    };
    const movie = await Movie.begin(clip);
    assert.equal(await movie.measure(), 300);
    for (const seconds of [10, 100, 140, 250, 290]) assert.equal(await movie.locate(seconds), wanted(fragments, seconds), `${seconds} s`);
});
