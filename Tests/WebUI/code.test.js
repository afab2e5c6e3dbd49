// archive/sealed/code.js: recovery codes as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, hexOf, load, vectors } from "./kit.js";

const { letterOf, Mistyped, readCode, writeCode } = await load("archive/sealed/code.js");
const { owner, ownerCode, other, otherCode } = vectors();
const letters = ownerCode.replaceAll("-", "");

const read = async (text) => hexOf(await readCode(text));
const fails = (text, message = /./) => assert.rejects(readCode(text), (error) => error instanceof Mistyped && message.test(error.message));

test("the codes of the vectors are read and written", async () => {
    for (const [secret, code] of [[owner, ownerCode], [other, otherCode]]) {
        assert.equal(await read(code), secret);
        assert.equal(await writeCode(bytesOf(secret)), code);
    }
});

test("secrets at the limits survive being written and read", async () => {
    for (const hex of ["00".repeat(32), "ff".repeat(32), "80" + "00".repeat(31), "00".repeat(31) + "01"]) {
        const code = await writeCode(bytesOf(hex));
        assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
        assert.equal(await read(code), hex);
    }
});

test("case, spaces, hyphens and letters that look alike do not matter", async () => {
    const variants = [
        ownerCode.toLowerCase(), letters, ownerCode.replaceAll("-", " "), ownerCode.replaceAll("-", "\n"), `  ${ownerCode}\t`,
        ownerCode.replaceAll("0", "O").replaceAll("1", "l"), ownerCode.replaceAll("0", "o").replaceAll("1", "I"), ownerCode.replaceAll("1", "i"),
    ];
    for (const text of variants) assert.equal(await read(text), owner, text);
});

test("a code of the wrong length says how many letters are missing or given", async () => {
    await fails(letters.slice(0, -12), /\b12\b/);
    await fails(letters.slice(0, -1), /\b1\b/);
    await fails(`${letters}0`, /\b57\b/);
    await fails("", /\b56\b/);
    await fails(" - - ", /\b56\b/);
});

test("a letter that no code has is named with its group", async () => {
    await fails(`${letters.slice(0, -1)}U`, /“U”.*14/);
    await fails(`${letters.slice(0, 4)}é${letters.slice(5)}`, /“É”.*\b2\b/);
    await fails(`${letters.slice(0, 3)}😀${letters.slice(4)}`, /“😀”.*\b1\b/);
});

test("every single wrong letter is detected", async () => {
    for (let at = 0; at < letters.length; at += 1) {
        const wrong = letters[at] === "Z" ? "Y" : "Z";
        await fails(letters.slice(0, at) + wrong + letters.slice(at + 1));
    }
});

test("swapped groups are detected", async () => {
    await fails(letters.slice(0, 8) + letters.slice(12, 16) + letters.slice(8, 12) + letters.slice(16));
});

test("the letters of an unfinished code can be counted", () => {
    assert.deepEqual(letterOf("ab-o l\n"), ["A", "B", "0", "1"]);
    assert.deepEqual(letterOf(""), []);
});
