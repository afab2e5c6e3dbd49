// store/api.js and store/session.js: who is logged in, the header of requests that change something, and what a 401 leads to.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { answerWith, json, load } from "./kit.js";

const { access, get, send, prove, Problem } = await load("store/api.js");
const { Session } = await load("store/session.js");

const anna = { id: "a", name: "Anna", role: "owner", permissions: ["read_events", "manage_people"], cameras: null, requestKey: "k1" };
const loggedOut = () => json({ detail: "You are not logged in.", code: "unauthenticated" }, 401);
globalThis.BroadcastChannel = undefined;

beforeEach(() => { access.key = null; });

/** A session that has asked the server, whose answers `answer` gives, and the requests to it. */
async function begin(answer) {
    const requests = answerWith(answer);
    const session = new Session();
    await session.start();
    return { session, requests };
}

test("the server tells who is logged in and what they may do", async () => {
    const { session } = await begin(() => json({ ...anna, permissions: ["read_events"], cameras: ["yard"] }));
    assert.deepEqual([session.state, session.isIn, session.hasAccount, session.seesAll], ["in", true, true, false]);
    assert.deepEqual([session.can("read_events"), session.can("manage_people"), session.can(undefined)], [true, false, true]);
    assert.equal(session.principal.requestKey, undefined, "the key is the API client's alone");
});

test("nobody is logged in after a 401, and a server without logins lets everybody do everything", async () => {
    const { session } = await begin(loggedOut);
    assert.deepEqual([session.state, session.isIn, session.can("read_events")], ["out", false, false]);
    const { session: free } = await begin(() => json({}, 404));
    assert.deepEqual([free.state, free.isIn, free.hasAccount, free.can("manage_people")], ["free", true, false, true]);
});

test("the key is in the header of requests that change something, and in no other", async () => {
    const { requests } = await begin((url) => json(url.pathname === "/api/v1/session" ? anna : { done: true }));
    await get("/api/v1/events");
    await send("PUT", "/api/v1/users/b", { name: "Ben" });
    await send("DELETE", "/api/v1/users/b");
    const [, read, put, remove] = requests;
    assert.equal(read.headers["X-Guardian-Request"], undefined);
    assert.deepEqual([put.headers["X-Guardian-Request"], put.headers["Content-Type"], put.body], ["k1", "application/json", '{"name":"Ben"}']);
    assert.deepEqual([remove.headers["X-Guardian-Request"], remove.headers["Content-Type"], remove.body], ["k1", undefined, undefined]);
});

test("an answer without content is null, and a problem names its fields and the wait", async () => {
    answerWith(() => new Response(null, { status: 204 }));
    assert.equal(await send("DELETE", "/api/v1/tokens/t"), null);
    answerWith(() => new Response(JSON.stringify({ detail: "Too many.", code: "resource_exhausted", errors: [{ field: "name", detail: "Bad." }] }), { status: 429, headers: { "Retry-After": "42" } }));
    await assert.rejects(send("POST", "/api/v1/users", {}), (problem) => problem instanceof Problem && problem.retryAfter === 42 && problem.errors[0].field === "name" && problem.status === 429);
    answerWith(() => new Response("{}", { status: 503, headers: { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" } }));
    await assert.rejects(get("/api/v1/events"), (problem) => problem.retryAfter === null);
});

test("after a change of how one logs in the new key is used, here and in the other tabs", async () => {
    const [told, keys] = [[], ["k1", "k2"]];
    globalThis.BroadcastChannel = class {
        addEventListener() {}
        postMessage(message) { told.push(message); }
    };
    const { session, requests } = await begin((url) => json(url.pathname === "/api/v1/session" ? { ...anna, requestKey: keys.shift() } : { recoveryCodes: [] }));
    globalThis.BroadcastChannel = undefined;
    assert.deepEqual(await session.change("PUT", "/api/v1/session/factor", { code: "123456" }), { recoveryCodes: [] });
    await send("DELETE", "/api/v1/tokens/t");
    assert.deepEqual(requests.map(({ method, headers }) => [method, headers["X-Guardian-Request"]]), [["GET", undefined], ["PUT", "k1"], ["GET", undefined], ["DELETE", "k2"]]);
    assert.deepEqual([told, session.state], [["in"], "in"]);
});

test("a page that comes back from the browser's memory finds out whether its person has logged out", async () => {
    let come = null;
    globalThis.addEventListener = (name, listener) => { if (name === "pageshow") come = listener; };
    let isIn = true;
    const { session, requests } = await begin(() => (isIn ? json(anna) : loggedOut()));
    delete globalThis.addEventListener;
    come({ persisted: false });
    assert.equal(requests.length, 1);
    isIn = false;
    come({ persisted: true });
    await session.check();
    assert.deepEqual([requests.length, session.isOut], [2, true]);
});

test("a 401 of a login is its answer, and no question who is logged in", async () => {
    const { requests } = await begin(loggedOut);
    await assert.rejects(prove("POST", "/api/v1/session", { name: "Anna", password: "x" }), { status: 401 });
    assert.equal(requests.length, 2);
});

test("a request waits until somebody has logged in again, and is sent once more", async () => {
    let isIn = true;
    const { session, requests } = await begin((url) => (isIn ? json(url.pathname === "/api/v1/session" ? anna : { items: [] }) : loggedOut()));
    isIn = false;
    const changes = [];
    session.addEventListener("change", () => changes.push(session.state));
    const waiting = get("/api/v1/events");
    await session.check().catch(() => {});
    while (!session.isOut) await new Promise((resolve) => setImmediate(resolve));
    isIn = true;
    assert.equal(session.begin(anna), true);
    assert.deepEqual(await waiting, { items: [] });
    assert.deepEqual(changes, ["out", "in"]);
    assert.equal(requests.filter(({ url }) => url.pathname === "/api/v1/events").length, 2);
});

test("a key that another tab renewed is fetched, and the request goes on without a login", async () => {
    const keys = ["k1", "k2"];
    const { requests } = await begin((url, options) => {
        if (url.pathname === "/api/v1/session") return json({ ...anna, requestKey: keys.shift() });
        return options.headers["X-Guardian-Request"] === "k2" ? json({ done: true }) : loggedOut();
    });
    assert.deepEqual(await send("POST", "/api/v1/tokens", {}), { done: true });
    assert.equal(requests.length, 4);
});

test("a waiting request ends when its page is left, and only so many wait", async () => {
    let isIn = true;
    const { session } = await begin(() => (isIn ? json(anna) : loggedOut()));
    isIn = false;
    const abort = new AbortController();
    const left = get("/api/v1/events", {}, abort.signal);
    while (!session.isOut) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await assert.rejects(left, { status: 401 });
    const results = Array.from({ length: 40 }, () => get("/api/v1/events").then(() => "answered", () => "refused"));
    let refused = 0;
    for (const result of results) result.then((text) => { refused += text === "refused" ? 1 : 0; });
    while (refused < 8) await new Promise((resolve) => setImmediate(resolve));
    isIn = true;
    session.begin(anna);
    assert.deepEqual((await Promise.all(results)).filter((text) => text === "answered").length, 32);
});

test("somebody else who logs in does not take over the document", async () => {
    let answer = () => json(anna);
    const { session } = await begin(() => answer());
    let others = 0;
    session.addEventListener("other", () => { others += 1; });
    assert.equal(session.begin({ ...anna, id: "b", name: "Ben" }), false);
    answer = () => json({ ...anna, role: "viewer" });
    await session.check();
    assert.equal(others, 2);
    assert.equal(session.principal.name, "Anna");
});

test("other rights of the same person are told", async () => {
    let cameras = ["yard"];
    const { session } = await begin(() => json({ ...anna, cameras }));
    let changes = 0;
    session.addEventListener("change", () => { changes += 1; });
    await session.check();
    assert.equal(changes, 0);
    cameras = ["yard", "front"];
    await session.check();
    assert.equal(changes, 1);
});

test("logging out succeeds when the login has ended already", async () => {
    const { session, requests } = await begin((url, { method }) => (method === "DELETE" ? loggedOut() : json(anna)));
    await session.logOut();
    assert.equal(requests.at(-1).method, "DELETE");
    answerWith(() => json({ detail: "No." }, 503));
    await assert.rejects(session.logOut(), { status: 503 });
});

test("an answer from before a login does not undo it", async () => {
    const { session } = await begin(() => json(anna));
    let answer;
    answerWith(() => new Promise((resolve) => { answer = resolve; }));
    const asked = session.check();
    session.begin({ ...anna, requestKey: "k2" });
    answer(loggedOut());
    await asked;
    assert.deepEqual([session.state, access.key], ["in", "k2"]);
});
