// live/recent.js: the newest events beside the live view. Rows stay the same elements, so that pictures do not load again.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { load, stopClock } from "./kit.js";

const { Recent } = await load("live/recent.js");
const { store } = await load("store/store.js");

const event = (id, changes = {}) => ({
    id, camera: "yard", label: "person", state: "closed", startedAt: "2026-11-24T13:00:00Z", endedAt: "2026-11-24T13:00:20Z",
    box: { x: 0, y: 0, width: 1, height: 1 }, snapshot: null, clips: [], ...changes,
});
const rows = (recent) => recent.element.all("li");
const links = (recent) => recent.element.all("li").map((row) => row.children[0].href);

beforeEach(() => {
    stopClock("2026-11-24T13:02:00Z");
    store.cameras = [{ id: "yard", name: "Back yard" }];
});

test("the newest are shown up to the limit, in their order", () => {
    store.recent = Array.from({ length: 20 }, (_, index) => event(`e${index}`));
    const recent = new Recent();
    recent.show();
    assert.equal(rows(recent).length, 12);
    recent.fit(3);
    assert.deepEqual(links(recent), ["/events/e0", "/events/e1", "/events/e2"]);
});

test("a new event gets a row on top, and the others keep theirs", () => {
    store.recent = [event("b"), event("a")];
    const recent = new Recent();
    recent.show();
    const [b, a] = rows(recent);
    assert.ok(!b.classList.contains("arrives"), "the first list does not arrive");
    store.recent = [event("c"), event("b"), event("a")];
    recent.show();
    const [c, ...others] = rows(recent);
    assert.deepEqual(others, [b, a]);
    assert.ok(c.classList.contains("arrives"));
});

test("rows of removed events are removed, and the others are reordered", () => {
    store.recent = [event("c"), event("b"), event("a")];
    const recent = new Recent();
    recent.show();
    const [c, , a] = rows(recent);
    store.recent = [event("a"), event("c")];
    recent.show();
    assert.deepEqual(rows(recent), [a, c]);
});

test("one camera's events alone are shown, and the link leads to them", () => {
    store.recent = [event("b", { camera: "a&b" }), event("a")];
    const recent = new Recent();
    recent.only("a&b");
    assert.deepEqual(links(recent), ["/events/b"]);
    assert.equal(recent.all.href, "/events?camera=a%26b");
    recent.only(null);
    assert.equal(rows(recent).length, 2);
    assert.equal(recent.all.href, "/events");
});

test("an empty list has another text than one that is loading", () => {
    store.recent = [];
    const recent = new Recent();
    const none = () => recent.element.all("p")[0];
    store.hasRecent = false;
    recent.show();
    const loading = none().textContent;
    store.hasRecent = true;
    recent.show();
    assert.ok(!none().hidden && loading !== none().textContent && none().textContent !== "");
    store.recent = [event("a")];
    recent.show();
    assert.ok(none().hidden);
});

test("an open event counts on, a closed one does not", () => {
    store.recent = [event("b", { state: "open", startedAt: "2026-11-24T13:01:00Z", endedAt: "2026-11-24T13:01:50Z" }), event("a")];
    const recent = new Recent();
    recent.show();
    const text = (index) => rows(recent)[index].textContent;
    assert.match(text(0), /^Person · Back yard.*1 min/);
    assert.match(text(1), /2 min ago · 20 s$/);
    stopClock("2026-11-24T13:03:00Z");
    recent.tick();
    assert.match(text(0), /2 min/);
    assert.match(text(1), /3 min ago · 20 s$/);
});

test("an open event of a recorder whose clock is ahead does not last less than it says", () => {
    store.recent = [event("a", { state: "open", startedAt: "2026-11-24T13:02:10Z", endedAt: "2026-11-24T13:02:40Z" })];
    const recent = new Recent();
    recent.show();
    assert.match(rows(recent)[0].textContent, /30 s/);
});
