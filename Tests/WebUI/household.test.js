// login/ at a node: whose accounts a login is about.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const elements = {};
globalThis.customElements = { define: (name, element) => { elements[name] = element; } };
const kept = new Map();
globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)) };
document.documentElement ??= document.createElement("html");
document.documentElement.dataset.server = "node";
const { addressee } = await load("login/household.js");
const { session } = await load("store/session.js");
await load("login/page.js");
await load("setup/page.js");

const ada = { id: "a", name: "Ada", role: "owner", permissions: [], cameras: null, requestKey: "k" };

beforeEach(() => {
    kept.clear();
    session.state = "unknown";
    session.principal = null;
    globalThis.history = { state: null, replaceState: () => {}, pushState: () => {} };
});

/** Opens a page at an address; POST requests are answered with a login. */
async function open(element, address) {
    const requests = answerWith((url, { method }) => (method === "POST" ? json(ada) : json(url.pathname === "/api/v1/setup" ? { open: true } : { id: "a", passwordSet: true })));
    globalThis.location = new URL(address, "http://guardian.test");
    const page = new elements[element]();
    page.isConnected = true;
    page.enter(null, location, "first");
    await settled();
    const input = (name) => page.all("input").find((each) => each.getAttribute("name") === name);
    const submit = async () => { page.all("form")[0].send("submit"); await settled(); };
    const logins = () => requests.filter(({ method }) => method === "POST").map(({ headers, body }) => [headers["X-Guardian-Tenant"] ?? null, JSON.parse(body)]);
    return { page, requests, input, submit, logins };
}

test("a link says whose account it is of", () => {
    assert.deepEqual(addressee("abc-_9"), { household: "", secret: "abc-_9" });
    assert.deepEqual(addressee("miller.abc-_9"), { household: "miller", secret: "abc-_9" });
});

test("a login names the household, and the next one knows it", async () => {
    const first = await open("login-page", "/login");
    first.input("household").value = " Miller ";
    first.input("name").value = "Ada";
    first.input("password").value = "correct horse";
    await first.submit();
    assert.deepEqual(first.logins(), [["miller", { name: "Ada", password: "correct horse", remember: false }]]);
    session.state = "unknown";
    session.principal = null;
    assert.equal((await open("login-page", "/login")).input("household").value, "miller");
});

test("a login to the node's own household names it, because the browser may have the cookie of another one", async () => {
    const { input, submit, logins } = await open("login-page", "/login");
    input("name").value = "Ada";
    input("password").value = "correct horse";
    await submit();
    assert.deepEqual(logins(), [["home", { name: "Ada", password: "correct horse", remember: false }]]);
});

test("a name that no household can have is sent in letters that a header can have", async () => {
    const { input, submit, logins } = await open("login-page", "/login");
    input("household").value = "Müller 日本";
    input("name").value = "Ada";
    input("password").value = "correct horse";
    await submit();
    assert.equal(logins()[0][0], "m%C3%BCller%20%E6%97%A5%E6%9C%AC");
});

test("operators get the document with their pages", async () => {
    const gone = [];
    const { input, submit } = await open("login-page", "/login");
    globalThis.location.replace = (address) => gone.push(address);
    input("household").value = "operators";
    input("name").value = "Olga";
    input("password").value = "correct horse";
    await submit();
    assert.deepEqual([gone, session.state], [["/"], "unknown"]);
});

test("a login link is redeemed in its household", async () => {
    const { logins } = await open("login-page", "/login#once=miller.s3cret");
    assert.deepEqual(logins(), [["miller", { secret: "s3cret" }]]);
    assert.equal(kept.get("guardian.household"), "miller");
});

test("the login page sends nobody away because one household has no account yet", async () => {
    const { page, requests } = await open("login-page", "/login");
    assert.equal(requests.length, 0);
    assert.match(page.textContent, /Open the link that you were given/);
});

test("a setup link makes the first account of its household", async () => {
    const { page, requests, input, submit, logins } = await open("setup-page", "/setup#miller.s3cret");
    assert.equal(requests[0].headers["X-Guardian-Tenant"], "miller");
    assert.match(page.textContent, /the household miller/);
    input("name").value = "Ada";
    input("password").value = "correct horse";
    await submit();
    assert.deepEqual(logins(), [["miller", { secret: "s3cret", name: "Ada", password: "correct horse", remember: false }]]);
    assert.equal(kept.get("guardian.household"), "miller");
});
