// Passkeys of the browser: what is asked of it, what is sent to the server, and what is said when it does not go.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const { makePasskey, usePasskey, whyNot } = await load("login/authenticator.js");
const { PasskeyButton } = await load("login/passkey-button.js");
const { Passkeys } = await load("people/passkeys.js");

const bytes = (...values) => Uint8Array.from(values).buffer;
const challenge = { challenge: "-_8", rpId: "guardian.local", timeout: 300000, exclude: [], user: null };
let asked = [];

/** A browser whose authenticator answers with `answer`, or throws it. */
function browser(answer) {
    const ask = async (options) => {
        asked.push(options.publicKey);
        if (answer instanceof Error) throw answer;
        return answer;
    };
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: "Firefox/1 Linux", credentials: { create: ask, get: ask } }, configurable: true, writable: true });
}

const refusal = (name) => Object.assign(new Error("no"), { name });
const used = { rawId: bytes(1), response: { clientDataJSON: bytes(2), authenticatorData: bytes(3), signature: bytes(251, 255), userHandle: bytes(4) } };

beforeEach(() => {
    asked = [];
    globalThis.PublicKeyCredential = class {};
    globalThis.location = new URL("https://guardian.local:8480/login");
});

test("passkeys need a name, and a browser that has them", () => {
    assert.equal(whyNot(), "");
    for (const host of ["192.168.1.20", "127.0.0.1", "[::1]", "[fd00::1]"]) assert.match(whyNot(new URL(`https://${host}:8480`)), /such as recorder\.local:8480\.$/);
    assert.match(whyNot(new URL("https://192.168.1.20")), /such as recorder\.local\.$/);
    for (const host of ["localhost", "guardian.local", "10.example"]) assert.equal(whyNot({ hostname: host, port: "" }, true), "");
    assert.equal(whyNot({ hostname: "guardian.local", port: "" }, false), "This browser has no passkeys.");
});

test("a passkey is made discoverable, for a person who is verified, with ES256 alone and no attestation", async () => {
    browser({ response: { clientDataJSON: bytes(1, 2), attestationObject: bytes(255) } });
    const made = await makePasskey({ ...challenge, exclude: ["AQ"], user: { id: "AgM", name: "Anna" } });
    assert.deepEqual(made, { clientDataJSON: "AQI", attestationObject: "_w" });
    const [options] = asked;
    assert.deepEqual([...options.challenge], [251, 255]);
    assert.deepEqual([options.rp.id, options.user.name, [...options.user.id], options.timeout, options.attestation], ["guardian.local", "Anna", [2, 3], 300000, "none"]);
    assert.deepEqual(options.pubKeyCredParams, [{ type: "public-key", alg: -7 }]);
    assert.deepEqual([options.authenticatorSelection.residentKey, options.authenticatorSelection.userVerification], ["required", "required"]);
    assert.deepEqual(options.excludeCredentials.map(({ id }) => [...id]), [[1]]);
});

test("a login asks for no name, and for a person who is verified", async () => {
    browser(used);
    assert.deepEqual(await usePasskey(challenge), { id: "AQ", clientDataJSON: "Ag", authenticatorData: "Aw", signature: "-_8", userHandle: "BA" });
    const [options] = asked;
    assert.deepEqual([options.rpId, options.userVerification, options.allowCredentials], ["guardian.local", "required", undefined]);
});

test("what goes wrong at the device is said in words", async () => {
    for (const [name, words] of [["NotAllowedError", /cancelled/], ["InvalidStateError", /already/], ["SecurityError", /refused/]]) {
        browser(refusal(name));
        await assert.rejects(makePasskey({ ...challenge, user: { id: "AgM", name: "Anna" } }), (problem) => words.test(problem.message) && problem.status === 0);
        await assert.rejects(usePasskey(challenge), (problem) => problem.title === "No passkey was used");
    }
});

test("the button of the login sends what the device answered, and begins the session", async () => {
    browser(used);
    const requests = answerWith((url) => json(url.pathname.endsWith("/challenge") ? challenge : { id: "a", name: "Anna" }));
    const [begun, said] = [[], []];
    const { element } = new PasskeyButton({ isRemembered: () => true, household: () => "", done: (principal) => begun.push(principal.name), fail: (problem) => said.push(problem) });
    element.all("button")[0].send("click");
    await settled();
    assert.deepEqual([begun, said], [["Anna"], [null]]);
    assert.deepEqual(requests.map(({ method, url }) => `${method} ${url.pathname}`), ["POST /api/v1/session/passkey/challenge", "POST /api/v1/session/passkey"]);
    assert.equal(JSON.parse(requests[1].body).remember, true);
    assert.equal(element.all("button")[0].disabled, false);

    browser(refusal("NotAllowedError"));
    element.all("button")[0].send("click");
    await settled();
    assert.equal(said.at(-1).title, "No passkey was used");
    assert.equal(begun.length, 1);
});

test("by an address, the name is told instead of a button", () => {
    globalThis.location = new URL("https://192.168.1.20:8480/login");
    const { element } = new PasskeyButton({});
    assert.equal(element.all("button").length, 0);
    assert.match(element.textContent, /recorder\.local:8480/);
});

test("one's passkeys are listed with their names, and each can be renamed and removed", async () => {
    answerWith(() => json({ items: [{ id: "p", name: "Phone", host: "guardian.local", createdAt: "2026-11-24T13:00:00Z", lastUsedAt: null }], nextCursor: null }));
    const section = new Passkeys({ id: "a" });
    await section.read();
    assert.match(section.element.textContent, /Phone/);
    assert.match(section.element.textContent, /for guardian\.local/);
    assert.deepEqual(section.element.all("button").map((button) => button.textContent), ["Rename", "Remove", "Add a passkey"]);
});

test("a passkey is removed with one's password, and the session's new key is asked for", async () => {
    const requests = answerWith((url, { method }) => (method === "DELETE" ? new Response(null, { status: 204 })
        : json(url.pathname === "/api/v1/session" ? { id: "a", name: "Anna", requestKey: "k" } : { items: [{ id: "p", name: "Phone", host: "guardian.local", createdAt: "2026-11-24T13:00:00Z", lastUsedAt: null }], nextCursor: null })));
    const section = new Passkeys({ id: "a" });
    await section.read();
    section.element.all("button").find((button) => button.textContent === "Remove").send("click");
    section.element.all("input").find((each) => each.getAttribute("name") === "password").value = "correct horse";
    section.element.all("form")[0].send("submit");
    await settled();
    const [, removed, asked] = requests;
    assert.deepEqual([removed.method, removed.url.pathname, removed.body], ["DELETE", "/api/v1/passkeys/p", '{"password":"correct horse"}']);
    assert.equal(asked.url.pathname, "/api/v1/session");
});

test("a passkey is added with one's password, which is not sent when there is none", async () => {
    browser({ response: { clientDataJSON: bytes(1), attestationObject: bytes(2) } });
    for (const password of ["correct horse", ""]) {
        const requests = answerWith((url, { method }) => json(method === "GET" ? { items: [], nextCursor: null } : url.pathname.endsWith("/challenge") ? { ...challenge, user: { id: "AgM", name: "Anna" } } : { id: "p" }));
        const { element } = new Passkeys({ id: "a" });
        element.all("button").find((button) => button.textContent === "Add a passkey").send("click");
        const input = (name) => element.all("input").find((each) => each.getAttribute("name") === name);
        assert.equal(input("name").value, "Firefox on Linux");
        input("password").value = password;
        element.all("form")[0].send("submit");
        await settled();
        const bodies = requests.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
        assert.deepEqual(bodies, [password === "" ? {} : { password }, { name: "Firefox on Linux", clientDataJSON: "AQ", attestationObject: "Ag" }]);
    }
});
