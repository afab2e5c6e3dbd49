// shell/router.js: the page of an address, and which clicks the router handles.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { isServed, load } from "./kit.js";

const { follow, go, match } = await load("shell/router.js");
const at = (path) => match(new URL(path, "http://guardian.test"));

test("every address of the Web UI has its page", () => {
    const pages = {
        "/": "live-page", "/live": "live-page", "/live/yard": "live-page", "/events": "events-page", "/events/01": "event-page",
        "/archive": "archive-page", "/archive/keys": "archive-keys-page", "/archive/019ab000": "archived-clip-page", "/system": "system-page",
        "/cameras": "cameras-page", "/settings": "settings-page", "/welcome": "welcome-page", "/people": "people-page", "/audit": "audit-page", "/report": "report-page", "/login": "login-page", "/setup": "setup-page", "/password": "first-password-page", "/trust": "trust-page",
    };
    for (const [path, tag] of Object.entries(pages)) assert.equal(at(path)?.page.tag, tag, path);
    assert.equal(at("/events?camera=yard#top")?.page.tag, "events-page", "query and fragment do not matter");
});

test("other addresses have none", () => {
    for (const path of ["/events/", "/events/01/more", "/live/a/b", "/systems", "/api/v1/status", "/ui/app.js", "/archive/keys/x", "/Events"]) assert.equal(at(path), null, path);
});

test("the parameter is decoded once", () => {
    assert.equal(at("/live/front%20yard").parameter, "front yard");
    assert.equal(at("/live/a%2Fb").parameter, "a/b");
    assert.equal(at("/events/50%2525").parameter, "50%25");
    assert.equal(at("/live").parameter, null);
    assert.equal(at("/system").parameter, null);
});

test("a malformed escape is no page, and no error", () => {
    for (const path of ["/events/%", "/live/%zz", "/archive/%e0%a4"]) assert.equal(at(path), null, path);
});

test("every page's module and stylesheet are there", () => {
    for (const path of ["/", "/events", "/events/1", "/archive", "/archive/keys", "/archive/1", "/system", "/cameras", "/settings", "/welcome", "/people", "/audit", "/report", "/login", "/setup", "/password", "/trust"]) {
        const { page } = at(path);
        for (const address of [page.module, page.style]) assert.ok(isServed(address), `${path}: ${address}`);
    }
});

/** Starts the router at an address with a history that records its calls. */
function start(path) {
    const done = [];
    globalThis.location = new URL(path, "http://guardian.test");
    globalThis.history = {
        pushState: (state, _, address) => done.push(["push", address.pathname, state.fromList]),
        replaceState: (_, __, address) => done.push(["replace", address.pathname]),
    };
    globalThis.addEventListener = () => {};
    globalThis.document = new EventTarget();
    follow((address, how) => done.push([how, address.pathname]));
    assert.deepEqual(done.splice(0), [["first", new URL(path, "http://guardian.test").pathname]]);
    return done;
}

function click(href, { link = {}, ...keys } = {}) {
    const { hash, pathname } = new URL(href);
    const anchor = { href, hash, pathname, target: "", dataset: {}, hasAttribute: () => false, ...link };
    const event = Object.assign(new Event("click", { cancelable: true }), { button: 0, ...keys });
    Object.defineProperty(event, "target", { value: { closest: () => anchor } });
    document.dispatchEvent(event);
    return event.defaultPrevented;
}

test("a click on a link to a page is handled, and the history knows whether it came from the list", () => {
    const done = start("/events");
    assert.ok(click("http://guardian.test/events/01"));
    assert.deepEqual(done, [["push", "/events/01", true], ["link", "/events/01"]]);
    done.length = 0;
    assert.ok(click("http://guardian.test/system", { link: { dataset: { replace: "" } } }));
    assert.deepEqual(done, [["replace", "/system"], ["link", "/system"]]);
});

test("other clicks are left to the browser", () => {
    const done = start("/events");
    const page = "http://guardian.test/system";
    for (const key of ["metaKey", "ctrlKey", "shiftKey", "altKey"]) assert.ok(!click(page, { [key]: true }), key);
    assert.ok(!click(page, { button: 1 }));
    assert.ok(!click(page, { link: { target: "_blank" } }));
    assert.ok(!click(page, { link: { hasAttribute: (name) => name === "download" } }));
    assert.ok(!click("http://other.test/system"));
    assert.ok(!click("http://guardian.test/api/v1/openapi.yaml"));
    assert.ok(!click("http://guardian.test/events#list"));
    assert.deepEqual(done, []);
});

test("navigating to the current address does nothing", () => {
    const done = start("/events?camera=yard");
    go("/events?camera=yard");
    assert.deepEqual(done, []);
});
