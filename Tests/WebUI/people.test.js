// people/: roles, permissions and devices in words, and the forms of people.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled, webUI } from "./kit.js";

const { deviceName } = await load("people/agent.js");
const { permissions, permissionName, scopeChoices } = await load("people/scope.js");
const { roleName, roles } = await load("people/roles.js");
const { keyOf, SecondFactor } = await load("people/factor.js");
const { endOf, Tokens } = await load("people/tokens.js");
const { personForm } = await load("people/person-form.js");
const { cameraChoices } = await load("forms/camera-choices.js");
const { facts, personRow } = await load("people/person.js");
const { People } = await load("people/people.js");
const { OwnAccount } = await load("people/account.js");
const { LoginLink, addressOf, isThisMachine } = await load("people/login-link.js");
const { ownPasswordForm } = await load("people/own-password.js");
const { session } = await load("store/session.js");
const { store } = await load("store/store.js");

const rawValues = (file) => [...readFileSync(path.join(webUI, "../../GuardianIdentity", file), "utf8").matchAll(/^ {4}case (\w+)(?: = "(\w+)")?$/gm)].map(([, name, raw]) => raw ?? name);
const ben = { id: "b", name: "Ben", role: "viewer", cameras: ["yard"], disabled: false, secondFactor: false, passwordSet: true, createdAt: "2026-11-24T13:00:00Z", passwordChangedAt: "2026-11-24T13:00:00Z" };
const press = (element, text) => element.all("button").find((button) => button.textContent === text).send("click");
const input = (element, name) => element.all("input").find((each) => each.getAttribute("name") === name);
const buttons = (element) => element.all("button").map((button) => button.textContent);

// Node has none before version 21.
Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true, writable: true });

beforeEach(() => {
    navigator = {};
    store.cameras = [{ id: "front", name: "Front door" }, { id: "yard", name: "Back yard" }];
});

test("every permission and role of the server has words", () => {
    assert.deepEqual(permissions.map(([name]) => name), rawValues("Permissions/Permission.swift"));
    assert.deepEqual(roles.map(({ value }) => value).sort(), rawValues("Accounts/Role.swift").sort());
    assert.equal(permissionName("read_events"), "Read events");
    assert.equal(permissionName("fly_drones"), "fly drones");
    assert.equal(roleName("guest"), "guest");
});

test("a token can be given only what its person may do", () => assert.deepEqual(scopeChoices(["read_events", "watch_live"]).map(({ value }) => value), ["watch_live", "read_events"]));

test("a token ends after its days", () => assert.equal(endOf("30", Date.parse("2026-11-01T00:00:00Z")), "2026-12-01T00:00:00.000Z"));

test("a token is made with one's password and an end, and without one where there is none", async () => {
    session.principal = { id: "b", permissions: ["read_events", "watch_live"] };
    for (const password of ["correct horse", ""]) {
        const requests = answerWith((_url, { method }) => (method === "GET" ? json({ items: [], nextCursor: null }) : json({ name: "Doorbell", token: "gdn_1" }, 201)));
        const { element } = new Tokens();
        press(element, "Make a token");
        input(element, "name").value = "Doorbell";
        input(element, "password").value = password;
        for (const box of element.all("input").filter((each) => each.getAttribute("name") === "scope")) box.checked = box.value === "read_events";
        element.all("form")[0].send("submit");
        await settled();
        const { endsAt, ...body } = JSON.parse(requests.find(({ method }) => method === "POST").body);
        assert.deepEqual(body, { name: "Doorbell", scope: ["read_events"], ...(password && { password }) });
        assert.ok(Math.abs(Date.parse(endsAt) - Date.now() - 90 * 86_400_000) < 60_000);
        assert.match(element.textContent, /gdn_1/);
    }
});

test("devices are named by browser and system", () => {
    const names = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0": "Firefox on Linux",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0": "Edge on Windows",
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36": "Chrome on Android",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15": "Safari on Mac",
        "curl/8.5.0": "curl", "home-thing 2": "home-thing 2", "": "Unknown device",
    };
    for (const [agent, name] of Object.entries(names)) assert.equal(deviceName(agent), name);
    assert.equal(deviceName("x".repeat(300)).length, 60);
});

test("the key of a second factor is shown in groups", () => {
    assert.equal(keyOf("otpauth://totp/Guardian:Anna?secret=GEZDGNBVGY3TQOJQ&issuer=Guardian"), "GEZD GNBV GY3T QOJQ");
    assert.equal(keyOf("otpauth://totp/Guardian:Anna?issuer=Guardian"), "");
});

test("a list says what somebody sees", () => {
    assert.deepEqual(facts(ben).slice(0, 2), ["Viewer", "sees Back yard"]);
    assert.equal(facts({ ...ben, cameras: [] })[1], "sees no camera");
    assert.deepEqual(facts({ ...ben, role: "owner", cameras: null, secondFactor: true }).slice(0, 2), ["Owner", "second factor"]);
    assert.deepEqual(facts({ ...ben, passwordSet: false }).slice(1, 3), ["sees Back yard", "no password yet"]);
});

test("one cannot lock oneself out, and only a second factor that is on is turned off", () => {
    assert.deepEqual(buttons(personRow(ben, true, () => {})), ["Change"]);
    assert.deepEqual(buttons(personRow(ben, false, () => {})), ["Change", "Login link", "Devices and tokens", "Reset password", "Disable", "Remove"]);
    assert.deepEqual(buttons(personRow({ ...ben, disabled: true, secondFactor: true }, false, () => {})), ["Change", "Devices and tokens", "Reset password", "Turn off second factor", "Enable", "Remove"]);
});

test("a camera that somebody was given and that is gone can still be taken from them", () => {
    assert.deepEqual(cameraChoices(store.cameras, ["yard", "shed"]).map(({ value }) => value), ["front", "yard", "shed"]);
});

test("only viewers have chosen cameras", () => {
    const form = personForm({ account: ben, action: "Save" });
    assert.deepEqual(form.values, { name: "Ben", role: "viewer", cameras: ["yard"] });
    const roleBoxes = form.element.all("input").filter((box) => box.getAttribute("type") === "radio");
    for (const box of roleBoxes) box.checked = box.value === "member";
    for (const group of form.element.all(".field")) group.send("change");
    assert.deepEqual(form.values, { name: "Ben", role: "member" });
    assert.deepEqual(personForm({ account: ben, isOwn: true, action: "Save" }).values, { name: "Ben" });
});

/** Fills in the form of somebody new; `entrance`: how they get in. Returns the bodies that were sent. */
async function addSomebody(entrance) {
    const sent = [];
    const form = personForm({ isNew: true, action: "Add", send: async (values) => { sent.push(values); } });
    input(form.element, "name").value = "Dora";
    input(form.element, "password").value = "correct horse";
    for (const box of form.element.all("input").filter((each) => each.getAttribute("name") === "entrance")) box.checked = box.value === (entrance ?? (box.checked ? box.value : null));
    for (const group of form.element.all(".field")) group.send("change");
    await form.submit();
    return sent;
}

test("a new person gets a link unless a password is given to them", async () => {
    assert.deepEqual(await addSomebody(), [{ name: "Dora", role: "viewer", cameras: [] }]);
    assert.deepEqual(await addSomebody("password"), [{ name: "Dora", role: "viewer", cameras: [], password: "correct horse" }]);
});

const link = { path: "/login#once=s3cret", endsAt: "2026-11-27T15:05:00Z" };

test("somebody new without a password is shown the link at once", async () => {
    const requests = answerWith((url, { method }) => (method === "GET" ? json({ items: [], nextCursor: null }) : json(url.pathname.endsWith("/link") ? link : { ...ben, passwordSet: false }, 201)));
    const people = new People("a");
    press(people.element, "Add a person");
    input(people.element, "name").value = "Ben";
    people.element.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.filter(({ method }) => method === "POST").map(({ url, body }) => [url.pathname, body && JSON.parse(body)]), [
        ["/api/v1/users", { name: "Ben", role: "viewer", cameras: [] }], ["/api/v1/users/b/link", {}], ["/api/v1/qr-codes", { text: "http://guardian.test/login#once=s3cret" }]]);
    assert.equal(people.element.all(".secret")[0].textContent, "http://guardian.test/login#once=s3cret");
    press(people.element, "Done");
    assert.deepEqual([people.element.all(".secret").length, buttons(people.element)], [0, ["Add a person"]]);
});

test("a link that could not be made can be tried again", async () => {
    const answers = [json({ detail: "Busy.", code: "unavailable" }, 503), json(link, 201)];
    answerWith(() => answers.shift());
    const made = new LoginLink(ben, { close: () => {} });
    await made.make();
    assert.equal(made.element.all(".form-error")[0].textContent, "Busy.");
    await made.make();
    assert.match(made.element.textContent, /works once, until .*16:05\. Whoever has it gets in as Ben/);
});

test("a link is made after a question only, since the one before it ends", async () => {
    const requests = answerWith(() => json(link, 201));
    const row = personRow(ben, false, () => {});
    press(row, "Login link");
    assert.equal(requests.length, 0);
    assert.match(row.all("form")[0].textContent, /made before is of no use/);
    row.all("form")[0].send("submit");
    await settled();
    assert.equal(row.all(".secret")[0].textContent, "http://guardian.test/login#once=s3cret");
});

test("a link is handed to another app where the browser can", async () => {
    answerWith(() => json(link, 201));
    const made = new LoginLink({ ...ben, passwordSet: false }, { isOwn: true, close: () => {} });
    await made.make();
    assert.deepEqual(buttons(made.element), ["Copy", "Done"]);
    const shared = [];
    navigator = { share: async (content) => { shared.push(content.url); } };
    const other = new LoginLink({ ...ben, passwordSet: false }, { isOwn: true, close: () => {} });
    await other.make();
    press(other.element, "Share");
    assert.deepEqual(shared, ["http://guardian.test/login#once=s3cret"]);
});

test("an address that only the recorder itself can open is said to be one", () => {
    for (const name of ["localhost", "guardian.localhost", "127.0.0.1", "[::1]"]) assert.equal(isThisMachine(name), true, name);
    for (const name of ["recorder.local", "192.168.1.20", "localhost.example", "127.example"]) assert.equal(isThisMachine(name), false, name);
    assert.equal(addressOf("/login#once=a"), "http://guardian.test/login#once=a");
});

test("whoever was let in by a link chooses a password without a current one", async () => {
    const requests = answerWith(() => new Response(null, { status: 204 }));
    let dones = 0;
    const first = ownPasswordForm({ name: "Ben", passwordSet: false }, { done: () => { dones += 1; } });
    assert.equal(input(first.element, "current"), undefined);
    input(first.element, "password").value = "correct horse";
    await first.submit();
    assert.deepEqual(JSON.parse(requests[0].body), { current: "", password: "correct horse" });
    const later = ownPasswordForm({ name: "Ben", passwordSet: true }, { done: () => { dones += 1; } });
    input(later.element, "password").value = "another horse";
    await later.submit();
    assert.deepEqual([requests.length, dones], [1, 1], "then the current one is asked for");
    input(later.element, "current").value = "correct horse";
    await later.submit();
    assert.deepEqual(JSON.parse(requests[1].body), { current: "correct horse", password: "another horse" });
});

test("the account asks for a password until there is one", async () => {
    let account = { ...ben, passwordSet: false };
    answerWith((_url, { method }) => (method === "PUT" ? new Response(null, { status: 204 }) : json(account)));
    const own = new OwnAccount({ id: "b" });
    await own.read();
    assert.deepEqual(own.element.all(".tag").map((tag) => tag.textContent), ["None yet"]);
    press(own.element, "Choose a password");
    input(own.element, "password").value = "correct horse";
    account = ben;
    own.element.all("form")[0].send("submit");
    await settled();
    assert.equal(own.element.all(".tag").length, 0);
    assert.ok(buttons(own.element).includes("Change password"));
});

test("the second factor is turned on after one's password, which is not asked for where there is none", async () => {
    for (const passwordSet of [true, false]) {
        const requests = answerWith((url, { method }) => json(method === "GET" ? { ...ben, requestKey: "k" } : method === "PUT" ? { recoveryCodes: ["AAAA-BBBB"] } : { link: "otpauth://totp/Guardian:Ben?secret=ABCDEFGH" }));
        const { element } = new SecondFactor({ recoveryCodesLeft: null, passwordSet });
        press(element, "Turn on");
        if (passwordSet) {
            element.all("form")[0].send("submit");
            await settled();
            assert.equal(requests.length, 0);
            input(element, "password").value = "correct horse";
        } else assert.equal(input(element, "password"), undefined);
        element.all("form")[0].send("submit");
        await settled();
        assert.deepEqual(requests.map(({ method, body }) => [method, JSON.parse(body)]), [
            ["POST", passwordSet ? { password: "correct horse" } : {}], ["POST", { text: "otpauth://totp/Guardian:Ben?secret=ABCDEFGH" }],
        ]);
        assert.match(element.textContent, /Your other devices are logged out/);
        input(element, "code").value = "123456";
        element.all("form")[0].send("submit");
        await settled();
        assert.deepEqual(requests.slice(2).map(({ method, url }) => `${method} ${url.pathname}`), ["PUT /api/v1/session/factor", "GET /api/v1/session"]);
        assert.match(element.textContent, /AAAA-BBBB/);
    }
});

test("the second factor says how many recovery codes are left, and replaces them for a code", async () => {
    const requests = answerWith((url, { method }) => json(method === "GET" ? { ...ben, requestKey: "k" } : { recoveryCodes: ["AAAA-BBBB", "CCCC-DDDD"] }));
    const { element } = new SecondFactor({ recoveryCodesLeft: 1, passwordSet: true });
    assert.match(element.textContent, /1 recovery code that is left/);
    press(element, "New recovery codes");
    input(element, "code").value = "123456";
    element.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.map(({ method, url }) => `${method} ${url.pathname}`).slice(0, 1), ["POST /api/v1/session/factor/codes"]);
    assert.match(element.textContent, /AAAA-BBBB/);
    assert.match(element.textContent, /2 recovery codes that are left/);
});

test("an owner sees what lets somebody in, and takes it away after a question", async () => {
    const device = { id: "s", agent: "curl/8.5.0", address: "192.0.2.7", current: false, remembered: false, createdAt: "2026-11-01T00:00:00Z", lastSeenAt: "2026-11-02T00:00:00Z" };
    const passkey = { id: "p", name: "Ben's phone", host: "guardian.local", createdAt: "2026-11-01T00:00:00Z", lastUsedAt: null };
    const token = { id: "t", name: "Doorbell", scope: ["read_events"], endsAt: null, lastUsedAt: "2026-11-02T00:00:00Z" };
    const requests = answerWith((url, { method }) => (method === "DELETE" ? new Response(null, { status: 204 })
        : json({ items: [url.pathname.endsWith("passkeys") ? passkey : url.pathname.endsWith("tokens") ? token : device], nextCursor: null })));
    const row = personRow(ben, false, () => {});
    press(row, "Devices and tokens");
    await settled();
    assert.match(row.textContent, /192\.0\.2\.7.*for guardian\.local.*never used.*has no end/s);
    assert.ok(requests.every(({ url }) => url.search === "?user=b" || url.pathname === "/api/v1/users/b/passkeys"));
    for (const [button, path] of [["Log out", "/api/v1/sessions/s"], ["Remove", "/api/v1/passkeys/p"], ["Revoke", "/api/v1/tokens/t"]]) {
        const access = row.all(".others-access")[0];
        access.all("button").find((each) => each.textContent === button).send("click");
        const before = requests.length;
        access.all("form")[0].send("submit");
        await settled();
        assert.deepEqual(requests.slice(before).map(({ method, url }) => `${method} ${url.pathname}`), [
            `DELETE ${path}`, "GET /api/v1/sessions", "GET /api/v1/users/b/passkeys", "GET /api/v1/tokens",
        ]);
    }
});

test("removing somebody asks first", async () => {
    const requests = answerWith(() => new Response(null, { status: 204 }));
    let changes = 0;
    const row = personRow(ben, false, () => { changes += 1; });
    row.all("button").find((button) => button.textContent === "Remove").send("click");
    assert.equal(requests.length, 0);
    const [form] = row.all("form");
    assert.match(form.textContent, /Remove Ben\?/);
    form.send("submit");
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(requests.map(({ method, url }) => [method, url.pathname]), [["DELETE", "/api/v1/users/b"]]);
    assert.equal(changes, 1);
});

test("the row of somebody who is as they were keeps what is typed in it", async () => {
    let items = [ben, { ...ben, id: "c", name: "Cleo" }];
    answerWith(() => json({ items, nextCursor: null }));
    const people = new People("a");
    await people.read();
    const before = people.element.all(".row");
    items = [ben, { ...ben, id: "c", name: "Cleopatra" }];
    await people.read();
    const after = people.element.all(".row");
    assert.equal(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
});
