// system/verdict.js: the summary at the top of the system page.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { load, stopClock } from "./kit.js";

const { Verdict } = await load("system/verdict.js");
const problem = (severity) => ({ severity, what: " The disk is full ", remedy: "Free some space." });
const status = (changes = {}) => ({ state: "well", summary: "All is well. 2 cameras record.", problems: [], cameras: [{ state: "live" }, { state: "lost" }, { state: "live" }], startedAt: "2026-11-24T10:00:00Z", ...changes });

function shown(given, isReachable = true) {
    const verdict = new Verdict();
    verdict.update(given, isReachable);
    return verdict;
}

const has = (verdict, name) => verdict.element.classList.contains(name);
const text = (verdict, name) => verdict.element.all(`.${name}`)[0].textContent;

beforeEach(() => stopClock("2026-11-24T13:05:00Z"));

test("when all is well the summary says so in its first sentence", () => {
    const verdict = shown(status());
    assert.ok(has(verdict, "well") && !has(verdict, "bad"));
    assert.equal(text(verdict, "verdict-title"), "All is well");
    assert.ok(verdict.element.all(".problems")[0].hidden);
});

test("only cameras that are live are counted", () => {
    assert.match(text(shown(status()), "verdict-detail"), /^2 cameras .*3 h 5 min/);
    assert.match(text(shown(status({ cameras: [{ state: "live" }] })), "verdict-detail"), /^1 camera /);
});

test("an error is bad, a warning or a notice is not", () => {
    for (const [severity, isBad] of [["error", true], ["warning", false], ["notice", false]]) {
        const verdict = shown(status({ state: "problems", problems: [problem("notice"), problem(severity)] }));
        assert.equal(has(verdict, "bad"), isBad, severity);
        assert.ok(!has(verdict, "well"));
    }
});

test("a Guardian that starts is neither well nor bad, and says what it waits for", () => {
    const verdict = shown(status({ state: "starting", summary: "Starting: 1 of 3 cameras have not been looked at yet." }));
    assert.ok(!has(verdict, "well") && !has(verdict, "bad"));
    assert.match(text(verdict, "verdict-title"), /1 of 3 cameras/);
});

test("a Guardian without cameras is neither well nor bad, and says so", () => {
    const verdict = shown(status({ state: "starting", summary: "No cameras yet: add one for Guardian to watch.", cameras: [] }));
    assert.ok(!has(verdict, "well") && !has(verdict, "bad"));
    assert.match(text(verdict, "verdict-title"), /No cameras yet/);
});

test("a Guardian that does not answer is bad, whatever its last status was", () => {
    const verdict = shown(status(), false);
    assert.ok(has(verdict, "bad") && !has(verdict, "well"));
    assert.doesNotMatch(text(verdict, "verdict-title"), /well/);
});

test("every problem is listed with its remedy", () => {
    const items = shown(status({ state: "problems", problems: [problem("error"), problem("notice")] })).element.all("li");
    assert.deepEqual(items.map((item) => item.className), ["error", "notice"]);
    assert.equal(items[0].all("strong")[0].textContent, "The disk is full");
    assert.equal(items[0].all("p")[0].textContent, "Free some space.");
});

test("the list is built again only when it changes, so that a screen reader does not repeat it", () => {
    const verdict = shown(status({ problems: [problem("error")] }));
    const [item] = verdict.element.all("li");
    stopClock("2026-11-24T14:05:00Z");
    verdict.update(status({ problems: [problem("error")] }), true);
    assert.equal(verdict.element.all("li")[0], item);
    assert.match(text(verdict, "verdict-detail"), /4 h 5 min/, "the time runs on all the same");
    verdict.update(status({ problems: [] }), true);
    assert.equal(verdict.element.all("li").length, 0);
    assert.ok(verdict.element.all(".problems")[0].hidden);
});

test("an older server that lists no problems is no error", () => {
    assert.ok(has(shown(status({ problems: undefined })), "well"));
});
