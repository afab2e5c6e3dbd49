// system/facts.js: the cards of the system page as plain values.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load, stopClock } from "./kit.js";

const { facts } = await load("system/facts.js");

const status = ({ storage = {}, node = {}, inference = {}, journal = {} } = {}) => ({
    storage: { capacity: 1e12, free: 4e11, clipBytes: 5e11, clips: 1200, daysLeft: 12.9, recording: true, oldestClipAt: "2026-11-24T08:00:00Z", path: "/srv/guardian", ...storage },
    node: { configured: true, connected: true, waiting: 0, since: "2026-11-24T12:00:00Z", lastAcknowledgedAt: "2026-11-24T12:59:00Z", ...node },
    inference: { state: "up", latencyMs: { p50: 12.34, p99: 45.67 }, queue: 1, restarts: 0, model: { name: "yolo", sha256: "ab12" }, ...inference },
    journal: { sequence: 1_234_567, deviceKey: "abcdefgh-middle-ijklmnop", chain: "019ab000-0000-7000-8000-000000000000", ...journal },
    version: "1.0.0", startedAt: "2026-11-24T10:00:00Z",
});
const card = (title, changes) => facts(status(changes)).find((each) => each.picture === title);
const row = (given, index) => given.rows[index][1];

beforeEach(() => stopClock("2026-11-24T13:00:00Z"));

test("the bars of the disk add up to what is used", () => {
    const { bars } = card("disk").meter;
    assert.deepEqual(bars.map((bar) => Math.round(bar.share * 1000)), [500, 100]);
});

test("clips that count more than the disk's own figure leave nothing for other things, not less", () => {
    const [ours, other] = card("disk", { storage: { free: 6e11 } }).meter.bars;
    assert.equal(other.share, 0);
    assert.equal(ours.share, 0.5);
});

test("the remaining days are rounded down", () => {
    const headline = (daysLeft) => card("disk", { storage: { daysLeft } }).headline;
    assert.match(headline(12.9), /\b12 days/);
    assert.match(headline(2), /\b2 days/);
    assert.match(headline(364.9), /\b364 days/);
    assert.equal(headline(1), headline(1.99));
    assert.equal(headline(0), headline(0.99));
    assert.equal(new Set([0, 1, 2, 364, 365].map(headline)).size, 5);
    assert.equal(headline(365), headline(9999));
});

test("before the remaining days are known the free space is named", () => {
    for (const daysLeft of [null, undefined]) assert.match(card("disk", { storage: { daysLeft } }).headline, /400 GB/);
});

test("a full disk is bad and has a remedy, whatever the forecast says", () => {
    const full = card("disk", { storage: { recording: false, daysLeft: 12 } });
    assert.equal(full.state, "bad");
    assert.ok(full.remedy);
    assert.doesNotMatch(full.headline, /12/);
    assert.equal(card("disk").remedy, null);
});

test("a recorder without a node is not a problem", () => {
    const without = card("node", { node: { configured: false, connected: false } });
    assert.equal(without.state, "");
    assert.ok(!without.remedy);
});

test("the node's card distinguishes up to date, waiting entries and unreachable", () => {
    const upToDate = card("node");
    const one = card("node", { node: { waiting: 1 } });
    const away = card("node", { node: { connected: false, waiting: 1200, oldestWaitingAt: "2026-11-24T11:00:00Z", reason: "The name is unknown." } });
    assert.deepEqual([upToDate.state, one.state, away.state], ["well", "well", "warn"]);
    assert.match(one.headline, /^1 entry /);
    assert.match(away.detail, /^The name is unknown\. \S/, "one full stop");
    assert.ok(away.remedy && !one.remedy);
    assert.equal(away.rows.length, upToDate.rows.length + 1);
    assert.ok(away.rows.some(([, value]) => value === "12:00"), "the oldest entry that waits, in local time");
    assert.ok(away.rows.some(([, value]) => value === "1,200 entries"));
});

test("the AI service's states have a colour each, an unknown one none", () => {
    assert.deepEqual(["up", "starting", "down", "odd"].map((state) => card("eye", { inference: { state } }).state), ["well", "warn", "bad", ""]);
    assert.equal(card("eye", { inference: { state: "odd" } }).headline, "odd");
    assert.ok(card("eye", { inference: { state: "down" } }).remedy);
    assert.match(card("eye", { inference: { state: "down", reason: "There is no model." } }).detail, /^There is no model\. \S/);
});

test("the AI service's card says when it last proved that it sees, and is bad when it does not", () => {
    const eye = (proof) => card("eye", { inference: { proof } });
    const words = (proof) => eye(proof).rows.find(([name]) => name === "Last proof that it sees")[1];
    assert.match(words({ state: "passed", passedAt: "2026-11-24T12:58:00Z", reason: null }), /^2 min ago$/);
    assert.equal(eye({ state: "passed", passedAt: "2026-11-24T12:58:00Z" }).state, "well");
    const blind = eye({ state: "failed", passedAt: "2026-11-24T12:58:00Z", reason: "Nobody was found." });
    assert.equal(blind.state, "bad");
    assert.match(words({ state: "failed", passedAt: null }), /^failed$/);
    assert.equal(new Set(["passed", "failed", "pending", "unavailable"].map((state) => words({ state, passedAt: "2026-11-24T12:58:00Z" }))).size, 4);
    assert.equal(words(undefined), "not available", "older servers do not say it");
});

test("the sandbox of the AI service is active, not active with the reason, or not known", () => {
    const sandbox = (given) => card("eye", { inference: { sandbox: given } }).rows.find(([name]) => name === "Sandbox");
    assert.deepEqual(sandbox({ active: true, detail: "landlock 6" }), ["Sandbox", "active", "landlock 6"]);
    assert.deepEqual(sandbox({ active: false, detail: "the kernel has no Landlock" }), ["Sandbox", "not active", "the kernel has no Landlock"]);
    assert.deepEqual(sandbox(null), ["Sandbox", "–", undefined]);
    assert.deepEqual(sandbox(undefined), ["Sandbox", "–", undefined], "older servers do not say it");
});

test("missing figures are no error", () => {
    const eye = card("eye", { inference: { state: "starting", model: null, latencyMs: null } });
    assert.equal(row(eye, 0), "–");
    assert.equal(row(eye, 1), "–");
    const seal = card("seal", { journal: { deviceKey: null, chain: null } });
    assert.deepEqual([row(seal, 0), row(seal, 1)], ["–", "–"]);
    assert.ok(card("disk", { storage: { oldestClipAt: null } }).rows.every(([, value]) => value !== undefined));
});

test("latencies have one decimal, and keys show both ends", () => {
    assert.match(row(card("eye"), 1), /12\.3 ms.*45\.7/);
    assert.equal(row(card("seal"), 0), "abcdefgh … ijklmnop");
    assert.match(card("seal").headline, /1,234,567/);
});

test("how long clips stay is said only where there is a limit", () => {
    const names = (storage) => card("disk", { storage }).rows.map(([name]) => name);
    assert.ok(!names({ keepDays: null }).includes("Deleted for their age"));
    const limited = card("disk", { storage: { keepDays: 30, deletedForAge: 1234 } });
    assert.match(limited.detail, /after 30 days/);
    assert.equal(limited.rows.find(([name]) => name === "Deleted for their age")[1], "1,234 since the start");
});
