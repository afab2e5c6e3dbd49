// archive/sealed/header.js: the header and the list of recipients have one valid form. Everything else must be rejected, because it is signed as bytes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, sealedClip, vectors } from "./kit.js";

const { readHeader, readRecipients } = await load("archive/sealed/header.js");

function split(name) {
    const bytes = Buffer.from(sealedClip(name));
    const header = bytes.subarray(12, 12 + bytes.readUInt32BE(8));
    const at = 12 + header.length + 64;
    return { header: Uint8Array.from(header), recipients: Uint8Array.from(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at))) };
}

const sample = split("s4096-many.grdn");
const part = split("s4096-part.grdn");
const parsed = (bytes) => JSON.parse(Buffer.from(bytes).toString());
const encoded = (value) => Uint8Array.from(Buffer.from(typeof value === "string" ? value : JSON.stringify(value)));
const header = (changes) => readHeader(encoded({ ...parsed(sample.header), ...changes }));
const recipients = (change) => readRecipients(encoded(parsed(sample.recipients).map((each, index) => (index === 0 ? { ...each, ...change } : each))));

test("the headers and recipients of all vectors are read, unless the vector is about them", () => {
    for (const { file, reason } of vectors().cases) {
        const { header: head, recipients: list } = split(file);
        assert.equal(readHeader(head) === null, reason === "refused: header", file);
        if (reason !== "refused: header") assert.equal(readRecipients(list) === null, reason === "refused: recipients", file);
    }
});

test("a header returns what it says", () => {
    assert.deepEqual(readHeader(sample.header), parsed(sample.header));
    assert.equal(readHeader(part.header).part, 1);
});

test("the same header in another form is rejected", () => {
    const text = Buffer.from(sample.header).toString();
    const reordered = Object.fromEntries(Object.entries(parsed(sample.header)).reverse());
    const forms = [
        ` ${text}`, `${text}\n`, text.replace('"part":0', '"part": 0'), text.replace('"part":0', '"part":0.0'), text.replace('"part":0', '"part":-0'),
        text.replace("4096", "4.096e3"), text.replace("video/mp4", "video\\/mp4"), text.replace("{", '{"suite":"x",'), text.replace(/}$/, ',"extra":1}'), reordered, `\ufeff${text}`,
    ];
    for (const form of forms) assert.equal(readHeader(encoded(form)), null, typeof form === "string" ? form : "reordered");
});

test("what is not a header is rejected without an error", () => {
    for (const text of ["", "null", "1", "[]", "{}", '"text"', "{", "undefined"]) assert.equal(readHeader(encoded(text)), null, text);
    assert.equal(readHeader(Uint8Array.of(0xff, 0xfe, 0x80)), null, "not UTF-8");
    for (let length = 0; length < sample.header.length; length += 1) assert.equal(readHeader(sample.header.subarray(0, length)), null);
});

test("segment sizes are powers of two from 4 KiB to 1 MiB", () => {
    for (let power = 0; power < 34; power += 1) assert.equal(header({ segmentSize: 2 ** power }) !== null, power >= 12 && power <= 20, String(2 ** power));
    for (const segmentSize of [4097, 6144, -4096, "4096", null, 4096.5]) assert.equal(header({ segmentSize }), null, String(segmentSize));
});

test("the first part names no previous part, and every other names one", () => {
    const { previous } = parsed(part.header);
    assert.ok(header({ part: 1, previous }));
    assert.ok(header({ part: 2 ** 32 - 1, previous }));
    for (const [number, name] of [[0, previous], [1, ""], [1, previous.slice(1)], [1, `${previous.slice(0, -1)}B`], [-1, previous], [2 ** 32, previous], [1.5, previous], ["1", previous]]) {
        assert.equal(header({ part: number, previous: name }), null, `${number} ${name}`);
    }
});

test("names contain only letters, digits and a few other characters", () => {
    for (const cameraId of ["", "front-yard_2", "a/b.c", "x".repeat(500)]) assert.ok(header({ cameraId }), cameraId);
    for (const cameraId of ["front yard", "café", "a\"b", "a\u0000", "<b>", 1, null]) assert.equal(header({ cameraId }), null, String(cameraId));
    for (const clipId of ["", "019AB000-0000-7000-8000-312ddd71029e", "019ab000-0000-7000-8000-312ddd71029", "019ab00000007000800031 2ddd71029e"]) assert.equal(header({ clipId }), null, clipId);
});

test("keys have exactly their length", () => {
    const { deviceKey } = parsed(sample.header);
    for (const wrong of ["", deviceKey.slice(4), `${deviceKey}AAAA`, `${deviceKey}=`, null]) {
        assert.equal(header({ deviceKey: wrong }), null, String(wrong));
        assert.equal(header({ clipKeyHash: wrong }), null, String(wrong));
    }
});

test("a list has 1 to 64 recipients", () => {
    const [one] = parsed(sample.recipients);
    for (const [count, isRead] of [[0, false], [1, true], [64, true], [65, false]]) assert.equal(readRecipients(encoded(new Array(count).fill(one))) !== null, isRead, String(count));
    for (const text of ["", "null", "{}", "[null]", "[1]", "[[]]", "[{}]"]) assert.equal(readRecipients(encoded(text)), null, text);
});

test("recipients of a known KEM have its lengths, and those of an unknown one are kept", () => {
    assert.equal(parsed(sample.recipients)[0].kem, "X25519");
    assert.ok(recipients({}));
    for (const change of [{ enc: "AAAA" }, { key: "AAAA" }, { enc: null }, { keyId: "AAAA" }, { kem: "X-Wing" }, { kem: 1 }, { kem: "X Wing" }]) assert.equal(recipients(change), null, JSON.stringify(change));
    assert.equal(recipients({ kem: "New-KEM", enc: "AAAA", key: "" })[0].kem, "New-KEM");
    assert.equal(recipients({ kem: "New-KEM", enc: "A" }), null);
    assert.ok(recipients({ kem: "toString", enc: "AAAA", key: "" }), "properties that every object has are not known KEMs");
});
