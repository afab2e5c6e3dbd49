// archive/sealed/source.js: sealed bytes from a URL over an unreliable network. Timers are skipped.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerWith, json, load, skipTimers } from "./kit.js";
import { content } from "./sealer.js";

const { BlobSource, RangeSource, SourceFailure } = await load("archive/sealed/source.js");
const delays = skipTimers();
const bytes = content(200_000);
const address = "/api/v1/archive/a?part=0";

/** Answers a range as a server does. `cut`: the connection breaks after this many bytes of the answer. */
function part({ headers }, { total = bytes.length, cut = Infinity } = {}) {
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.Range);
    const first = Number(from);
    const last = Math.min(to === "" ? Infinity : Number(to), total - 1);
    if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${total}` } });
    const whole = bytes.slice(first, last + 1);
    let at = 0;
    const body = new ReadableStream({
        // The pieces have another length than what the tests read.
        pull(stream) {
            if (at >= cut) return stream.error(new TypeError("terminated"));
            if (at >= whole.length) return stream.close();
            stream.enqueue(whole.subarray(at, at + 7001));
            at += 7001;
        },
    });
    return new Response(body, { status: 206, headers: { "Content-Range": `bytes ${first}-${last}/${total}` } });
}

const ranges = (requests) => requests.map(({ headers }) => headers.Range);
const failure = (status) => (error) => error instanceof SourceFailure && error.status === status;

test("small reads of the beginning share one request", async () => {
    const requests = answerWith((_, options) => part(options));
    const source = new RangeSource(address);
    const [one, other] = await Promise.all([source.read(0, 12), source.read(12, 500)]);
    assert.deepEqual([one, other], [bytes.slice(0, 12), bytes.slice(12, 512)]);
    assert.equal(await source.size(), bytes.length);
    assert.deepEqual(ranges(requests), ["bytes=0-65535"]);
});

test("ranges are exact, shorter at the end and empty after it", async () => {
    const requests = answerWith((_, options) => part(options));
    const source = new RangeSource(address);
    assert.deepEqual(await source.read(65_536, 10_000), bytes.slice(65_536, 75_536));
    assert.deepEqual(ranges(requests), ["bytes=65536-75535"]);
    assert.deepEqual(await source.read(199_990, 100), bytes.slice(199_990));
    assert.equal((await source.read(200_000, 100)).length, 0);
    assert.equal((await source.read(300_000, 0)).length, 0);
    assert.equal(requests.length, 2, "the size is known, so nothing after it is requested");
    answerWith((_, options) => part(options, { total: 10 }));
    assert.equal((await new RangeSource(address).read(100_000, 10)).length, 0, "also if the size is unknown");
});

test("following returns all bytes in order over one connection", async () => {
    const requests = answerWith((_, options) => part(options));
    const stream = new RangeSource(address).follow(5);
    const pieces = [];
    for (let piece = await stream.read(9000); piece.length > 0; piece = await stream.read(9000)) pieces.push(piece);
    assert.ok(pieces.slice(0, -1).every((piece) => piece.length === 9000));
    assert.equal(Buffer.compare(Buffer.concat(pieces), bytes.slice(5)), 0);
    assert.deepEqual(ranges(requests), ["bytes=5-"]);
});

test("a connection that breaks is resumed where it broke", async () => {
    const requests = answerWith((_, options, number) => part(options, { cut: number < 3 ? 50_000 : Infinity }));
    const read = await new RangeSource(address).follow(0).read(bytes.length);
    assert.equal(Buffer.compare(read, bytes), 0);
    assert.equal(requests.length, 4);
    // A stream that fails may drop its last piece, so the offsets are only known roughly.
    const offsets = ranges(requests).map((range) => Number(/\d+/.exec(range)[0]));
    for (const [index, offset] of offsets.slice(1).entries()) assert.ok(offset >= offsets[index] + 35_000 && offset <= offsets[index] + 57_000, `${offsets}`);
});

test("a connection that ends early without an error is resumed too", async () => {
    const requests = answerWith((_, options, number) => {
        const answer = part(options);
        return number > 0 ? answer : new Response(bytes.slice(0, 1000), { status: 206, headers: answer.headers });
    });
    assert.equal(Buffer.compare(await new RangeSource(address).follow(0).read(bytes.length), bytes), 0);
    assert.deepEqual(ranges(requests), ["bytes=0-", "bytes=1000-"]);
});

test("a server that does not answer is asked five times with growing delays", async () => {
    delays.length = 0;
    const requests = answerWith(() => { throw new TypeError("no network"); });
    await assert.rejects(new RangeSource(address).read(0, 10), failure(0));
    assert.equal(requests.length, 5);
    assert.equal(delays.length, 4);
    delays.forEach((delay, index) => assert.ok(delay >= 2 ** index * 50 && delay <= 2 ** index * 150, `${delays}`));
});

test("server errors are retried, client errors are not", async () => {
    for (const [status, count] of [[500, 5], [503, 5], [404, 1], [403, 1], [410, 1]]) {
        const requests = answerWith(() => json({ detail: "Why it failed." }, status));
        await assert.rejects(new RangeSource(address).read(0, 10), (error) => failure(status)(error) && error.message === "Why it failed.");
        assert.equal(requests.length, count, String(status));
    }
    answerWith(() => new Response("<html>", { status: 404 }));
    await assert.rejects(new RangeSource(address).read(0, 10), (error) => failure(404)(error) && !error.message.includes("html"));
});

test("a failure is not remembered", async () => {
    answerWith((_, options, number) => (number === 0 ? json({}, 404) : part(options)));
    const source = new RangeSource(address);
    await assert.rejects(source.read(0, 10));
    assert.deepEqual(await source.read(0, 10), bytes.slice(0, 10));
});

test("a server without ranges serves the beginning, but no other place", async () => {
    answerWith(() => new Response(bytes, { status: 200, headers: { "Content-Length": String(bytes.length) } }));
    const source = new RangeSource(address);
    assert.deepEqual(await source.read(10, 20), bytes.slice(10, 30));
    assert.equal(await source.size(), bytes.length);
    await assert.rejects(source.read(100_000, 10), failure(200));
});

test("an object that becomes shorter was replaced, one that grows is read to its first length", async () => {
    const grown = (totals) => answerWith((_, options, number) => part(options, { total: totals[number] }));
    grown([150_000, 140_000]);
    const shorter = new RangeSource(address);
    await shorter.size();
    await assert.rejects(shorter.read(100_000, 10), failure(409));
    grown([150_000, 160_000]);
    const longer = new RangeSource(address);
    await longer.size();
    await longer.read(100_000, 10);
    assert.equal(await longer.size(), 150_000);
});

test("aborting ends a read at once and is not reported as a failure of the server", async () => {
    const requests = answerWith((_, options) => part(options));
    const abort = new AbortController();
    const source = new RangeSource(address, abort.signal);
    await source.read(0, 1);
    abort.abort();
    await assert.rejects(source.read(100_000, 1), { name: "AbortError" });
    assert.equal(requests.length, 2, "it is not tried again");
    await assert.rejects(new RangeSource(address).follow(0, AbortSignal.abort()).read(1), { name: "AbortError" });
});

test("a file is read the same way", async () => {
    const source = new BlobSource(new Blob([bytes]));
    assert.equal(await source.size(), bytes.length);
    assert.deepEqual(await source.read(199_990, 100), bytes.slice(199_990));
    const stream = source.follow(10);
    assert.deepEqual(Buffer.concat([await stream.read(5), await stream.read(7)]), Buffer.from(bytes.slice(10, 22)));
});
