// audit/actions.js: what the entries of the audit log tell, in words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { load, webUI } from "./kit.js";

const { knownActions, remarksOf, sentenceOf } = await load("audit/actions.js");
const names = new Map([["a", "Anna"], ["b", "Ben"]]);
const entry = (action, more = {}) => ({ action, by: "account", name: "Anna", accountId: "a", subject: "b", details: {}, ...more });
const told = (action, more) => sentenceOf(entry(action, more), names);

test("every action of the server has a sentence", () => {
    const source = readFileSync(path.join(webUI, "../../GuardianIdentity/Audit/AuditAction.swift"), "utf8");
    const actions = [...source.matchAll(/^ {4}case (\w+)(?: = "(\w+)")?$/gm)].map(([, name, raw]) => raw ?? name);
    assert.ok(actions.length > 20);
    assert.deepEqual(actions.filter((action) => !knownActions.includes(action)), []);
});

test("an action of a newer server is told by its name", () => assert.equal(told("moon_landed"), "Anna: moon landed"));

test("it says who did it", () => {
    assert.equal(told("logout"), "Anna logged out");
    assert.equal(told("account_removed", { by: "token", details: { name: "Ben" } }), "A token of Anna removed Ben");
    assert.equal(told("password_reset", { by: "root", name: null, accountId: null }), "Root of the machine set a new password for Ben");
    assert.equal(told("audit_cut", { by: "guardian", name: null, details: { entries: "240" } }), "Guardian removed 240 old entries of this log");
});

test("failed logins say whose account it was, if anybody's", () => {
    const stranger = { by: "stranger", name: null, accountId: null };
    assert.equal(told("login_failed", stranger), "Somebody failed to log in as Ben");
    assert.equal(told("login_failed", { ...stranger, subject: null }), "Somebody failed to log in with a name that nobody has");
    assert.equal(told("login_throttled", { ...stranger, subject: "gone" }), "Somebody had to wait after too many failed logins as a removed account");
});

test("what somebody was refused is told with what they wanted, and how often it was not listed", () => {
    const refused = entry("access_refused", { by: "token", details: { operation: "GET /api/v1/users", omitted: "7" } });
    assert.equal(sentenceOf(refused, names), "A token of Anna was refused what they may not do: GET /api/v1/users");
    assert.deepEqual(remarksOf(refused), ["7 more like it are not listed"]);
});

test("what one does to oneself is told differently", () => {
    assert.equal(told("second_factor_off"), "Anna turned the second factor of Ben off");
    assert.equal(told("second_factor_off", { subject: "a" }), "Anna turned their second factor off");
    assert.equal(told("sessions_revoked", { subject: "a" }), "Anna logged out everywhere");
    assert.equal(told("account_changed", { subject: "a" }), "Anna changed their account");
});

test("a login that was tried on cameras is told with their number and maker", () => {
    assert.equal(told("camera_login_tried", { subject: null, details: { cameras: "1", addresses: "192.168.1.20" } }), "Anna tried a login on a camera");
    assert.equal(told("camera_login_tried", { subject: null, details: { cameras: "3", maker: "Acme" } }), "Anna tried a login on 3 cameras of Acme");
});

test("a camera is named by its id", () => {
    assert.equal(told("camera_added", { details: { id: "yard" } }), "Anna added the camera yard");
    assert.equal(told("camera_changed", { details: { id: "yard", changed: "name, source" } }), "Anna changed the camera yard");
});

test("accounts are named as they were then", () => {
    assert.equal(told("account_created", { details: { name: "Benjamin", role: "viewer" } }), "Anna added Benjamin as viewer");
    assert.equal(told("account_changed", { details: { name: "Benjamin → Ben" } }), "Anna changed Benjamin");
    assert.equal(told("account_changed", { details: { disabled: "true" } }), "Anna disabled Ben");
    assert.equal(told("account_changed", { details: { disabled: "false" } }), "Anna enabled Ben");
});

test("a login says with what, and recovery codes are counted", () => {
    assert.equal(told("login", { details: { factor: "off", session: "s" } }), "Anna logged in");
    assert.equal(told("login", { details: { factor: "timeCode" } }), "Anna logged in with a second factor");
    assert.equal(told("recovery_code_used", { details: { left: "1" } }), "Anna used a recovery code; 1 is left");
});

test("remarks tell changes, scopes and what was left out", () => {
    assert.deepEqual(remarksOf(entry("account_changed", { details: { role: "viewer → member", cameras: "all" } })), ["role: viewer → member", "every camera"]);
    assert.deepEqual(remarksOf(entry("token_created", { details: { name: "x", scope: "read_events watch_live" } })), ["Read events, Live view"]);
    assert.deepEqual(remarksOf(entry("login_failed", { details: { omitted: "7" } })), ["7 more like it are not listed"]);
    assert.deepEqual(remarksOf(entry("logout")), []);
});
