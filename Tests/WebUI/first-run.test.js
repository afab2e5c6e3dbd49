// welcome/ and forms/qr-code.js: the order of the steps, their addresses, and when somebody counts as seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, load, settled } from "./kit.js";

const { addressOf, after, placeOf, steps } = await load("welcome/steps.js");
const { Visitor } = await load("welcome/visitor.js");
const { qrCode } = await load("forms/qr-code.js");
const at = (address) => placeOf(new URL(address, "http://guardian.test"));

test("each step is followed by the next, and the last by the live view", () => {
    assert.deepEqual(steps.map(({ id }) => after(id)), [...steps.slice(1).map(({ id }) => id), null]);
    assert.equal(addressOf(null, ["front"]), "/");
});

test("an address names a step and the cameras that were added", () => {
    assert.equal(addressOf("walk", ["front", "back-yard"]), "/welcome?step=walk&cameras=front,back-yard");
    assert.deepEqual(at(addressOf("walk", ["front", "back-yard"])), { step: "walk", cameras: ["front", "back-yard"] });
    assert.deepEqual(at("/welcome"), { step: "cameras", cameras: [] });
    assert.deepEqual(at("/welcome?step=fly&cameras=,"), { step: "cameras", cameras: [] });
    assert.equal(at(`/welcome?cameras=${"a,".repeat(500)}`).cameras.length, 64);
});

const event = (id, camera, state = "closed") => ({ id, camera, state });

test("what was over before does not count, who is there now does", () => {
    const visitor = new Visitor(["yard"]);
    assert.equal(visitor.look(null), false, "the newest events are not known yet");
    assert.equal(visitor.look([event("1", "yard")]), false);
    assert.equal(visitor.look([event("2", "front", "open"), event("1", "yard")]), false, "another camera");
    assert.equal(visitor.look([event("3", "yard", "open"), event("2", "front"), event("1", "yard")]), true);
    assert.equal(visitor.event.id, "3");
    assert.equal(new Visitor(["yard"]).look([event("4", "yard", "open")]), true);
    assert.equal(new Visitor([]).look([event("4", "front", "open")]), true, "without chosen cameras any will do");
});

test("the event that was found stays, as it is now", () => {
    const visitor = new Visitor([]);
    visitor.look([event("1", "yard", "open")]);
    visitor.look([event("2", "front", "open"), event("1", "yard", "closed")]);
    assert.deepEqual(visitor.event, event("1", "yard", "closed"));
    visitor.look([]);
    assert.equal(visitor.event.id, "1");
});

test("a QR code is drawn by the server, and left out when it cannot be had", async () => {
    URL.createObjectURL = () => "blob:code";
    const requests = answerWith(() => new Response("<svg/>", { headers: { "Content-Type": "image/svg+xml" } }));
    const shown = qrCode("https://guardian.local/login#once=s3cret", "Login link", "Point at it.");
    await settled();
    assert.deepEqual(JSON.parse(requests[0].body), { text: "https://guardian.local/login#once=s3cret" });
    assert.equal(shown.all("img")[0].src, "blob:code");
    answerWith(() => new Response("{}", { status: 429 }));
    const missing = qrCode("text", "Login link", "Point at it.");
    await settled();
    assert.equal(missing.hidden, true);
});
