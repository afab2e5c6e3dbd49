// store/store.js: what is read for whom.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, json, load } from "./kit.js";

const { store } = await load("store/store.js");
const { session } = await load("store/session.js");
const cameras = [{ id: "yard", name: "Back yard" }];

function answerAll() {
    return answerWith((url) => json({ "/api/v1/status": { state: "well", cameras }, "/api/v1/cameras": { items: cameras } }[url.pathname] ?? { items: [] }));
}

const paths = (requests) => requests.map(({ url }) => url.pathname).sort();

test("nothing is read while nobody is logged in", async () => {
    const requests = answerAll();
    session.state = "out";
    await store.refresh();
    assert.deepEqual([requests.length, store.hasCameras], [0, false]);
});

test("whoever may not read the status has the cameras that they see", async () => {
    session.state = "in";
    session.principal = { id: "v", permissions: ["watch_live", "read_events"], cameras: ["yard"] };
    const requests = answerAll();
    await store.refresh();
    assert.deepEqual(paths(requests), ["/api/v1/cameras", "/api/v1/events"]);
    assert.deepEqual([store.status, store.hasCameras, store.cameraName("yard")], [null, true, "Back yard"]);
});

test("the status holds the cameras for those who may read it", async () => {
    session.principal = { id: "o", permissions: ["read_status", "read_events"], cameras: null };
    const requests = answerAll();
    await store.refresh();
    assert.deepEqual(paths(requests), ["/api/v1/events", "/api/v1/status"]);
    assert.equal(store.status.state, "well");
});
