// live/records.js: the network cuts the live stream anywhere, so the records must not depend on where.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./kit.js";

const { RecordReader } = await load("live/records.js");

function record(camera, kind, bytes, length = bytes.length) {
    const head = Buffer.alloc(8);
    head[0] = camera;
    head[1] = kind;
    head.writeUInt32BE(length, 4);
    return Uint8Array.from([...head, ...bytes]);
}

function read(pieces) {
    const found = [];
    const reader = new RecordReader((camera, kind, bytes) => found.push([camera, kind, [...bytes]]));
    for (const piece of pieces) reader.push(piece);
    return found;
}

const long = Array.from({ length: 300 }, (_, index) => index % 256);
const stream = Uint8Array.from([...record(0, RecordReader.start, [1, 2, 3]), ...record(15, RecordReader.fragment, long), ...record(2, RecordReader.state, []), ...record(255, 7, [9])]);
const expected = [[0, 0, [1, 2, 3]], [15, 1, long], [2, 2, []], [255, 7, [9]]];

test("a stream in pieces of any size gives the same records", () => {
    for (let size = 1; size <= stream.length; size += 1) {
        const pieces = [];
        for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
        assert.deepEqual(read(pieces), expected, `pieces of ${size}`);
    }
});

test("a cut at any place gives the same records", () => {
    for (let at = 0; at <= stream.length; at += 1) assert.deepEqual(read([stream.subarray(0, at), stream.subarray(at)]), expected, `cut at ${at}`);
});

test("empty pieces change nothing", () => {
    const empty = new Uint8Array(0);
    assert.deepEqual(read([empty, stream.subarray(0, 5), empty, empty, stream.subarray(5), empty]), expected);
});

test("a record is delivered when it is complete, not before", () => {
    const whole = record(1, 1, [1, 2, 3, 4]);
    assert.deepEqual(read([whole.subarray(0, whole.length - 1)]), []);
    assert.deepEqual(read([whole.subarray(0, 7)]), []);
    assert.equal(read([whole]).length, 1);
});

test("pieces that are views into a larger buffer are read from their own place", () => {
    const buffer = new Uint8Array(stream.length + 10).fill(0xff);
    buffer.set(stream, 7);
    assert.deepEqual(read([buffer.subarray(7, 7 + stream.length)]), expected);
});

test("a length above the limit is an error at once, so that the memory does not fill", () => {
    const most = 64 * 1024 * 1024;
    assert.deepEqual(read([record(0, 1, [], most)]), [], "the largest valid length is waited for");
    assert.throws(() => read([record(0, 1, [], most + 1)]), Error);
    assert.throws(() => read([record(0, 1, [], 0xffff_ffff)]), Error);
    assert.throws(() => read([...record(0, 1, [], 0x8000_0000)].map((byte) => Uint8Array.of(byte))), Error);
});
