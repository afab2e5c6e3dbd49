// login/: the second step of a login, links that log in, and that neither loses what was typed.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const elements = {};
globalThis.customElements = { define: (name, element) => { elements[name] = element; } };
const { secretOf } = await load("login/link.js");
const { session } = await load("store/session.js");
await load("login/page.js");

const anna = { id: "a", name: "Anna", role: "owner", permissions: [], cameras: null, requestKey: "k" };
const refused = (field, detail) => json({ detail, code: "unauthenticated", errors: [{ field, detail }] }, 401);
let replaced = [];
/** What the server says of the account of whoever has logged in. */
let account = null;

beforeEach(() => {
    replaced = [];
    account = { id: "a", passwordSet: true };
    session.state = "unknown";
    session.principal = null;
    globalThis.history = { state: null, replaceState: (_state, _title, address) => { replaced.push(String(address)); } };
});

/** Opens the page at an address; `answers` are those to POST requests, in order. */
function open(address, ...answers) {
    const requests = answerWith((url, { method }) => (method === "GET" ? json(url.pathname === "/api/v1/users/a" ? account : { open: false }) : answers.shift()));
    globalThis.location = new URL(address, "http://guardian.test");
    const page = new elements["login-page"]();
    page.enter(null, location, "first");
    const input = (name) => page.all("input").find((each) => each.getAttribute("name") === name);
    const submit = async () => { page.all("form")[0].send("submit"); await settled(); };
    return { page, requests, input, submit, bodies: () => requests.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body)) };
}

test("a secret is read out of a fragment only as a whole", () => {
    assert.equal(secretOf("#once=abc-_~.9", "once"), "abc-_~.9");
    assert.equal(secretOf("#abc"), "abc");
    for (const hash of ["", "#", "#once=", "#other=abc", "#once=a b", "#once=a%20b", `#once=${"a".repeat(600)}`]) assert.equal(secretOf(hash, "once"), null, hash);
});

test("a login sends name and password, and begins the session", async () => {
    const { input, submit, bodies } = open("/events", json(anna));
    input("name").value = "Anna";
    input("password").value = "correct horse";
    await submit();
    assert.deepEqual(bodies(), [{ name: "Anna", password: "correct horse", remember: false }]);
    assert.deepEqual([session.state, session.principal.name, input("password").value], ["in", "Anna", ""]);
});

test("fields are named for password managers", () => {
    const { input } = open("/login");
    assert.deepEqual(["name", "password", "code"].map((name) => input(name).getAttribute("autocomplete")), ["username", "current-password", "one-time-code"]);
});

test("the code is asked for in a second step, with the password sent again", async () => {
    const { page, input, submit, bodies } = open("/events", refused("code", "Type the code."), refused("code", "The code is wrong."), json(anna));
    input("name").value = "Anna";
    input("password").value = "correct horse";
    const code = () => page.all(".field").find((field) => field.all("input").includes(input("code")));
    assert.equal(code().hidden, true);
    await submit();
    assert.deepEqual([code().hidden, code().all(".field-error")[0].hidden, input("password").value], [false, true, "correct horse"], "the first time it is no error");
    input("code").value = "000 000";
    await submit();
    assert.equal(code().all(".field-error")[0].textContent, "The code is wrong.");
    input("code").value = "123456";
    await submit();
    assert.deepEqual(bodies().map((body) => body.code), [undefined, "000000", "123456"]);
    assert.equal(session.state, "in");
});

test("another name is asked for its own code", async () => {
    const { page, input, submit } = open("/events", refused("code", "Type the code."));
    input("name").value = "Anna";
    input("password").value = "correct horse";
    await submit();
    input("name").value = "Ben";
    input("name").send("input");
    assert.equal(page.all(".field").find((field) => field.all("input").includes(input("code"))).hidden, true);
});

test("a wrong password is said beside it, and both stay", async () => {
    const { page, input, submit } = open("/events", refused("password", "The name or the password is wrong."));
    input("name").value = "Anna";
    input("password").value = "wrong";
    await submit();
    assert.deepEqual(page.all(".field-error").map((error) => error.textContent).filter(Boolean), ["The name or the password is wrong."]);
    assert.deepEqual([input("name").value, input("password").value, session.state], ["Anna", "wrong", "unknown"]);
});

test("a link logs in once, and its secret leaves the address at once", async () => {
    const { requests, bodies } = open("/login#once=s3cret", json(anna));
    assert.deepEqual(replaced, ["/login"]);
    await settled();
    assert.equal(requests[0].url.pathname, "/api/v1/session/link");
    assert.deepEqual(bodies(), [{ secret: "s3cret" }]);
    assert.equal(session.state, "in");
});

test("whoever has no password yet is asked for one after a link", async () => {
    for (const [passwordSet, next] of [[false, "/password"], [true, "/"]]) {
        session.state = "unknown";
        session.principal = null;
        account = { id: "a", passwordSet };
        open("/login#once=s3cret", json(anna));
        await settled();
        assert.equal(replaced.at(-1), next);
    }
});

test("a link that was used already says so, and the form remains", async () => {
    const { page } = open("/login#once=s3cret", json({ detail: "This link was used already.", code: "unauthenticated" }, 401));
    await settled();
    assert.equal(page.all(".form-error")[0].textContent, "This link was used already.");
    assert.equal(page.all("form").length, 1);
});

test("a login page that covers another page leaves its address alone", () => {
    const { bodies } = open("/events?camera=yard#once=s3cret");
    assert.deepEqual([replaced, bodies()], [[], []]);
});
