// shell/pages.js and shell/page.js: the table of pages, and what a page does when it is entered and left.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import "./document.js";
import { load, webUI } from "./kit.js";

const { pages } = await load("shell/pages.js");
const { isServed, pagesOf } = await load("shell/served.js");
const { Page } = await load("shell/page.js");

test("the table is JSON between its brackets, as the server reads it", () => {
    const text = readFileSync(path.join(webUI, "ui/shell/pages.js"), "utf8");
    assert.deepEqual(JSON.parse(text.slice(text.indexOf("["), text.lastIndexOf("]") + 1)), pages);
});

for (const server of ["edge", "node", "operators"]) {
    test(`each address and each link of the ${server} is in the table once`, () => {
        const served = pagesOf(server);
        const paths = served.flatMap((page) => page.paths);
        assert.equal(new Set(paths).size, paths.length);
        const links = served.filter((page) => page.title).map((page) => page.place);
        assert.equal(new Set(links).size, links.length);
        for (const { place, tag } of served) assert.ok(place === undefined || links.includes(place), tag);
    });
}

test("a node has the pages of what it knows, and none of what only a recorder can do", () => {
    const missing = pagesOf("edge").filter((page) => !pagesOf("node").includes(page)).map(({ tag }) => tag);
    assert.deepEqual(missing, ["archive-keys-page", "cameras-page", "settings-page", "welcome-page"]);
    for (const { servers } of pages) assert.ok(servers === undefined || servers.every((server) => ["edge", "node", "operators"].includes(server)));
    // Tests have no document, so that the pages are a recorder's.
    assert.ok(isServed("/settings") && isServed("/live/{id}") && !isServed("/nothing"));
});

test("operators have a page of the households, and none with what is recorded", () => {
    assert.deepEqual(pagesOf("operators").map(({ tag }) => tag), ["tenants-page", "people-page", "audit-page", "login-page", "setup-page", "first-password-page", "trust-page"]);
});

test("each page is for everybody or needs a permission that the server knows", () => {
    const known = [...readFileSync(path.join(webUI, "../../GuardianIdentity/Permissions/Permission.swift"), "utf8").matchAll(/^ {4}case (\w+)(?: = "(\w+)")?$/gm)].map(([, name, raw]) => raw ?? name);
    assert.ok(known.includes("own_account"));
    for (const { tag, permission, isPublic } of pages) assert.ok(isPublic ? permission === undefined : known.includes(permission), tag);
});

test("an entrance is for those who are not logged in", () => {
    assert.deepEqual(pages.filter((page) => page.isEntrance).map(({ tag, isPublic }) => [tag, isPublic]), [["login-page", true], ["setup-page", true]]);
});

class Sample extends Page {
    calls = [];
    build() { this.calls.push("build"); }
    begin() { this.calls.push("begin"); this.scope.add(() => this.calls.push("end")); }
    open(parameter) { this.calls.push(`open ${parameter}`); }
    close() { this.calls.push("close"); }
}

test("a page is built once, begins each time it is entered, and ends what it began", () => {
    const page = new Sample();
    page.enter("1");
    page.enter("2");
    page.leave();
    page.enter("3");
    assert.deepEqual(page.calls, ["build", "begin", "open 1", "open 2", "end", "close", "begin", "open 3"]);
});
