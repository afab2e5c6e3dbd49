// people/: roles, permissions and devices in words, and the forms of people.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, webUI } from "./kit.js";

const { deviceName } = await load("people/agent.js");
const { permissions, permissionName, scopeChoices } = await load("people/scope.js");
const { roleName, roles } = await load("people/roles.js");
const { keyOf } = await load("people/factor.js");
const { endOf } = await load("people/tokens.js");
const { cameraChoices, personForm } = await load("people/person-form.js");
const { facts, personRow } = await load("people/person.js");
const { People } = await load("people/people.js");
const { store } = await load("store/store.js");

const rawValues = (file) => [...readFileSync(path.join(webUI, "../../GuardianIdentity", file), "utf8").matchAll(/^ {4}case (\w+)(?: = "(\w+)")?$/gm)].map(([, name, raw]) => raw ?? name);
const ben = { id: "b", name: "Ben", role: "viewer", cameras: ["yard"], disabled: false, secondFactor: false, createdAt: "2026-11-24T13:00:00Z", passwordChangedAt: "2026-11-24T13:00:00Z" };
const buttons = (element) => element.all("button").map((button) => button.textContent);

beforeEach(() => { store.cameras = [{ id: "front", name: "Front door" }, { id: "yard", name: "Back yard" }]; });

test("every permission and role of the server has words", () => {
    assert.deepEqual(permissions.map(([name]) => name), rawValues("Permissions/Permission.swift"));
    assert.deepEqual(roles.map(({ value }) => value).sort(), rawValues("Accounts/Role.swift").sort());
    assert.equal(permissionName("read_events"), "Read events");
    assert.equal(permissionName("fly_drones"), "fly drones");
    assert.equal(roleName("guest"), "guest");
});

test("a token can be given only what its person may do", () => assert.deepEqual(scopeChoices(["read_events", "watch_live"]).map(({ value }) => value), ["watch_live", "read_events"]));

test("a token ends after its days, or never", () => {
    assert.equal(endOf("30", Date.parse("2026-11-01T00:00:00Z")), "2026-12-01T00:00:00.000Z");
    assert.equal(endOf(""), undefined);
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
});

test("one cannot lock oneself out, and only a second factor that is on is turned off", () => {
    assert.deepEqual(buttons(personRow(ben, true, () => {})), ["Change"]);
    assert.deepEqual(buttons(personRow(ben, false, () => {})), ["Change", "Reset password", "Disable", "Remove"]);
    assert.deepEqual(buttons(personRow({ ...ben, disabled: true, secondFactor: true }, false, () => {})), ["Change", "Reset password", "Turn off second factor", "Enable", "Remove"]);
});

test("a camera that somebody was given and that is gone can still be taken from them", () => {
    assert.deepEqual(cameraChoices(store.cameras, ["yard", "shed"]).map(({ value }) => value), ["front", "yard", "shed"]);
});

test("only viewers have chosen cameras, and a new person has a password", () => {
    const form = personForm({ account: ben, action: "Save" });
    assert.deepEqual(form.values, { name: "Ben", role: "viewer", cameras: ["yard"] });
    const roleBoxes = form.element.all("input").filter((box) => box.getAttribute("type") === "radio");
    for (const box of roleBoxes) box.checked = box.value === "member";
    for (const group of form.element.all(".field")) group.send("change");
    assert.deepEqual(form.values, { name: "Ben", role: "member" });
    assert.deepEqual(personForm({ isNew: true, action: "Add" }).values, { name: "", password: "", role: "viewer", cameras: [] });
    assert.deepEqual(personForm({ account: ben, isOwn: true, action: "Save" }).values, { name: "Ben" });
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
