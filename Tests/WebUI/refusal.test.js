// archive/sealed/refusal.js: every reason that the modules give has a sentence for people.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { load, vectors, webUI } from "./kit.js";

const { Refusal } = await load("archive/sealed/refusal.js");
const fallback = new Refusal("no such reason").message;

test("every reason in the modules and the vectors has a sentence of its own", () => {
    const folder = path.join(webUI, "ui/archive/sealed");
    const source = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8")).join("\n");
    const given = [...source.matchAll(/new Refusal\(([^)]*)\)/g)].flatMap(([, text]) => [...text.matchAll(/"([^"]+)"/g)].map((each) => each[1]));
    const refused = vectors().cases.map(({ reason }) => reason.replace(/^refused: /, "")).filter((reason) => !/^segment|complete|interrupted/.test(reason));
    const reasons = new Set([...given, ...refused]);
    assert.ok(reasons.size >= 10);
    const sentences = [...reasons].map((reason) => new Refusal(reason).message);
    assert.ok(!sentences.includes(fallback), "none has the sentence of damaged segments");
    assert.equal(new Set(sentences).size, reasons.size);
    for (const sentence of sentences) assert.match(sentence, /^[A-Z].*\.$/);
});

test("a damaged segment is named with its number and its offset", () => {
    const refusal = Refusal.segment(7, 28_520);
    assert.ok(refusal instanceof Refusal && refusal instanceof Error);
    assert.deepEqual([refusal.reason, refusal.segment, refusal.offset], ["segment 7 damaged", 7, 28_520]);
    assert.match(refusal.message, /\b7\b/);
    assert.match(Refusal.segment(0, 0).message, /\b0\b/);
});
