// settings/node.js: which node the recorder belongs to, and how its code is entered.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const { factRows, linkRows } = await load("settings/node-words.js");
const { NodeSection } = await load("settings/node.js");

const none = { address: null, origin: "none", tenant: null, device: "ab".repeat(32), certificateEnd: null, startingAgain: false };
const home = { ...none, address: "node.example:9443", origin: "enrolment", tenant: "home", certificateEnd: "2027-12-30T12:00:00Z" };
const names = (rows) => rows.map(([name]) => name);
const buttons = (section) => section.element.all("button").map((each) => each.textContent);
const press = (section, label) => section.element.all("button").find((each) => each.textContent === label).send("click");

/** Holds back the pauses between two questions; returns what goes on after each. Other timers run. */
function heldPauses(context) {
    const held = [];
    const { setTimeout: own } = globalThis;
    context.mock.method(globalThis, "setTimeout", (work, delay) => (delay === 1000 ? held.push(work) : own(work, delay)));
    return held;
}

test("which node it is, and as whom it knows the recorder", () => {
    assert.deepEqual(factRows(none), [["Node", "None: events and clips stay on this recorder."]]);
    assert.deepEqual(names(factRows(home)), ["Address", "Known there as", "This recorder's fingerprint", "Certificate"]);
    assert.match(factRows(home)[3][1], /renewed by itself/);
    assert.doesNotMatch(factRows({ ...home, origin: "file" })[3][1], /renewed/);
    assert.equal(factRows({ ...home, address: null, tenant: null, certificateEnd: null })[0][1], "It cannot be read.");
});

test("what goes on between the two", () => {
    const link = { configured: true, address: "node.example:9443", connected: true, since: "2026-11-24T12:00:00Z", waiting: 0, lastAcknowledgedAt: "2026-11-24T12:59:00Z", reason: null };
    assert.deepEqual(names(linkRows(link)), ["Connected", "Last delivery"]);
    const lost = linkRows({ ...link, connected: false, waiting: 3, lastAcknowledgedAt: null, reason: "No route." });
    assert.deepEqual(names(lost), ["Not connected", "Reason", "Last delivery", "Waiting to be sent"]);
    assert.deepEqual([lost[1][1], lost[2][1], lost[3][1]], ["No route.", "none yet", "3 entries"]);
    assert.match(linkRows(null)[0][1], /not known/);
});

test("a recorder without a node asks for a code, and one of the configuration file for nothing", async () => {
    answerWith(() => json(none));
    const section = new NodeSection(() => {});
    await settled();
    assert.deepEqual(buttons(section), ["Enter a code"]);
    section.close();
    answerWith(() => json({ ...home, origin: "file" }));
    const fixed = new NodeSection(() => {});
    await settled();
    fixed.link = { connected: true, since: null, lastAcknowledgedAt: null, waiting: 0 };
    assert.deepEqual(buttons(fixed), []);
    assert.match(fixed.element.textContent, /node\.example:9443.*set in the configuration file/s);
    fixed.close();
});

test("a code is sent, and the page waits until the recorder has started again", async (context) => {
    const pauses = heldPauses(context);
    let now = none;
    let isAway = false;
    const requests = answerWith((_url, { method }) => {
        if (isAway) throw new TypeError("no answer");
        return method === "GET" ? json(now) : json({ ...home, startingAgain: true });
    });
    const changed = [];
    const section = new NodeSection(() => changed.push(true));
    await settled();
    press(section, "Enter a code");
    for (const [name, text] of [["node", "node.example"], ["code", "0000"]]) section.element.all("input").find((each) => each.getAttribute("name") === name).value = text;
    section.element.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.filter(({ method }) => method === "POST").map(({ url, body }) => [url.pathname, JSON.parse(body)]), [["/api/v1/node/enrolment", { node: "node.example", code: "0000" }]]);
    assert.match(section.element.textContent, /starts again/);
    assert.deepEqual(buttons(section), []);
    for (const step of [() => { isAway = true; }, () => { isAway = false; now = home; }]) {
        assert.deepEqual(changed, []);
        step();
        pauses.shift()();
        await settled();
    }
    assert.deepEqual([changed, buttons(section)], [[true], ["Enter another code", "Leave the node"]]);
    section.close();
});

test("what the node refuses stands beside the code", async () => {
    const refusal = { title: "Forbidden", detail: "The code has expired.", code: "permission_denied", status: 403, errors: [{ field: "code", detail: "The code has expired." }] };
    answerWith((_url, { method }) => (method === "GET" ? json(none) : json(refusal, 403)));
    const section = new NodeSection(() => assert.fail("changed"));
    await settled();
    press(section, "Enter a code");
    for (const input of section.element.all("input")) input.value = "x";
    section.element.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(section.element.all(".field-error").filter((each) => !each.hidden).map((each) => each.textContent), ["The code has expired."]);
    section.close();
});

test("the node is left only after a question", async () => {
    const requests = answerWith((_url, { method }) => (method === "GET" ? json(home) : json({ ...none, startingAgain: true })));
    const section = new NodeSection(() => {});
    await settled();
    press(section, "Leave the node");
    assert.match(section.element.all(".question")[0].textContent, /node\.example:9443/);
    assert.ok(requests.every(({ method }) => method === "GET"));
    section.element.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.filter(({ method }) => method === "DELETE").map(({ url }) => url.pathname), ["/api/v1/node"]);
    assert.match(section.element.textContent, /starts again/);
    section.close();
});
