// trust/: whose steps come first, and what the page says of the recorder's certificate authority.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, load, settled } from "./kit.js";

const elements = {};
globalThis.customElements = { define: (name, element) => { elements[name] = element; } };
const { bytesOf, fingerprint, groupsOf, readAuthority } = await load("trust/authority.js");
const { platforms, platformsFor } = await load("trust/platforms.js");
await load("trust/page.js");

const der = Uint8Array.from({ length: 300 }, (_, index) => index * 7);
const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64").match(/.{1,64}/g).join("\n")}\n-----END CERTIFICATE-----\n`;
const agents = {
    iphone: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
    android: "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
    androidFirefox: "Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
    windows: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
    linuxFirefox: "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    chromebook: "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
};

beforeEach(() => Object.defineProperty(globalThis, "navigator", { value: { userAgent: agents.windows, maxTouchPoints: 0 }, configurable: true }));

/** Opens the page; `answer` is what the server says of the authority. */
async function open(answer) {
    const requests = answerWith(() => answer());
    const page = new elements["trust-page"]();
    page.enter(null, new URL("http://guardian.test/trust"), "link");
    await settled();
    return { page, requests };
}

test("the steps of this device come first, and those of others are there", () => {
    const firsts = [["iphone", 5, "apple-mobile"], ["mac", 5, "apple-mobile"], ["mac", 0, "mac"], ["android", 5, "android"], ["androidFirefox", 5, "android"], ["windows", 10, "windows"], ["linuxFirefox", 0, "firefox"], ["chromebook", 0, "linux"]];
    for (const [agent, touchPoints, first] of firsts) assert.equal(platformsFor(agents[agent], touchPoints)[0].id, first, `${agent} ${touchPoints}`);
    assert.deepEqual(platformsFor("curl/8.5.0", 0), platforms);
    for (const agent of Object.values(agents)) assert.deepEqual(new Set(platformsFor(agent, 0)), new Set(platforms));
});

test("the certificate is read out of its text, and anything else is none", () => {
    assert.deepEqual(bytesOf(pem), der);
    for (const text of ["", "<html>", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----", pem.slice(0, 200)]) assert.equal(bytesOf(text), null, text);
});

test("the fingerprint is the SHA-256 of the certificate, in groups to compare", async () => {
    const text = await fingerprint(der);
    assert.equal(text.replaceAll(":", "").toLowerCase(), createHash("sha256").update(der).digest("hex"));
    assert.deepEqual(groupsOf(text).map((group) => /^([0-9A-F]{2}:?){4}$/.test(group)), Array(8).fill(true));
    assert.equal(groupsOf(text).join(""), text);
});

test("an own certificate has no authority, and other failures are told", async () => {
    answerWith(() => new Response("{}", { status: 404 }));
    assert.equal(await readAuthority(), null);
    answerWith(() => new Response("{}", { status: 503 }));
    await assert.rejects(readAuthority(), { status: 503 });
    answerWith(() => new Response("no certificate"));
    await assert.rejects(readAuthority(), { title: "The certificate authority cannot be read" });
    answerWith(() => { throw new TypeError("network"); });
    await assert.rejects(readAuthority(), { status: 0 });
});

test("the page offers the authority with its fingerprint, and one open list of steps", async () => {
    const { page, requests } = await open(() => new Response(pem));
    assert.equal(page.all(".fingerprint")[0].textContent, await fingerprint(der));
    const [download] = page.all("a");
    assert.equal(download.getAttribute("href"), requests[0].url.pathname);
    assert.equal(download.getAttribute("download"), null, "phones install what they open, and keep what they save");
    assert.deepEqual(page.all("details").map((each) => [each.all("summary")[0].textContent, each.getAttribute("open")])[0], ["Windows", ""]);
    assert.equal(page.all("details").filter((each) => each.getAttribute("open") !== null).length, 1);
});

test("an iPhone is offered the profile, and other devices the certificate", async () => {
    for (const [agent, path] of [["iphone", "/api/v1/authority.mobileconfig"], ["android", "/api/v1/authority.crt"]]) {
        Object.defineProperty(globalThis, "navigator", { value: { userAgent: agents[agent], maxTouchPoints: 5 }, configurable: true });
        const { page } = await open(() => new Response(pem));
        const links = page.all("a").map((link) => link.getAttribute("href"));
        assert.equal(links[0], path, agent);
        assert.equal(links.length, platforms.length);
        assert.equal(links.filter((link) => link.endsWith(".mobileconfig")).length, 1);
    }
});

test("with an own certificate nothing is to be installed", async () => {
    const { page } = await open(() => new Response("{}", { status: 404 }));
    assert.match(page.textContent, /nothing to install/);
    assert.equal(page.all("details").length + page.all("a").length, 0);
});

test("a page that could not be read can be tried again", async () => {
    let status = 503;
    const { page } = await open(() => new Response(pem, { status }));
    status = 200;
    page.all("button").find((button) => button.textContent === "Try again").send("click");
    await settled();
    assert.equal(page.all(".fingerprint").length, 1);
});
