// cameras/: what is said of cameras, which share a login, and that a login goes only where it is meant to go.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const { foundWords, loginWords, noteWords, outcomeWords, pictureFacts, refusalWords, remedy, testFacts } = await load("cameras/words.js");
const { candidatesOf, isStream, loginBodies, loginGroups, portions, withDistinctNames } = await load("cameras/found.js");
const { changesOf, changeForm } = await load("cameras/change-form.js");
const { CameraCheck } = await load("cameras/check.js");
const { FoundField } = await load("cameras/found-field.js");
const { MakerLogin } = await load("cameras/maker-login.js");
const { ByAddress } = await load("cameras/by-address.js");
const { Review } = await load("cameras/review.js");
const { Finder } = await load("cameras/finder.js");
const { cameraStates } = await load("common/camera-states.js");
const { store } = await load("store/store.js");

const found = (host, more = {}) => ({ address: `http://${host}/onvif/device_service`, host, maker: "Acme", model: "Eye 4", name: null, note: null, camera: null, outcome: "found", streams: [], ...more });
const stream = (source, more = {}) => ({ name: null, source, detect: null, codec: "h264", width: 1920, height: 1080, frameRate: 25, detectWidth: null, detectHeight: null, ...more });
const works = { ok: true, tookMs: 240, codec: "h264", width: 1920, height: 1080, reason: null, fps: 12.5, gopSeconds: 2, clockDifferenceMs: 0, advice: [], picture: null };
const input = (element, name, index = 0) => element.all("input").filter((each) => each.getAttribute("name") === name)[index];
const press = (element, text) => element.all("button").find((button) => button.textContent === text).send("click");
const bodies = (requests) => requests.filter(({ method }) => method !== "GET").map(({ url, body }) => [url.pathname, body && JSON.parse(body)]);
const discover = "/api/v1/cameras/discover";

beforeEach(() => { store.cameras = [{ id: "front", name: "Front door" }]; });

test("a camera says what is to be done about it", () => {
    const camera = { state: "live", watch: "quiet", lastFailure: null, watchFailure: null };
    assert.equal(remedy(camera), "");
    assert.match(remedy({ ...camera, state: "lost", lastFailure: "It refuses the login" }), /^It refuses the login\. Guardian keeps trying\./);
    assert.match(remedy({ ...camera, state: "paused", lastFailure: "Old." }), /^Nothing of it is recorded.*Resume it/);
    assert.match(remedy({ ...camera, watch: "lost", watchFailure: "The picture is too large." }), /recorded, but .*: The picture is too large\.$/);
    assert.equal(pictureFacts({ codec: "hevc", width: 2560, height: 1440, fps: 24.9 }), "H.265 · 2560 × 1440 · 25 pictures a second");
    assert.equal(pictureFacts({ codec: null, width: null, height: null, fps: 0 }), "");
});

test("every state of the server has a word, and a paused camera is not a lost one", () => {
    assert.deepEqual(Object.keys(cameraStates).sort(), ["connecting", "live", "lost", "paused", "stopped"]);
    assert.deepEqual(cameraStates.paused, ["Paused", ""]);
});

test("what a test measured is said, and what it could not measure", () => {
    assert.deepEqual(testFacts(works), [["Picture", "H.264 · 1920 × 1080"], ["Smoothness", "12.5 pictures a second"], ["Whole picture every", "2 s"], ["Clock", "Right"], ["First picture after", "240 ms"]]);
    assert.equal(testFacts({ ...works, clockDifferenceMs: -190_000 })[3][1], "3 min 10 s behind");
    assert.equal(testFacts({ ...works, clockDifferenceMs: null })[3][1], "The camera does not tell its time");
    assert.equal(testFacts({ ...works, gopSeconds: null, fps: null })[2][1], "Could not be measured");
});

test("every outcome without a stream has a reason and a remedy", () => {
    for (const outcome of ["needs_login", "refused", "locked", "other_maker", "clear_text_only", "unreachable", "failed"]) assert.match(outcomeWords(found("a", { outcome })), /\.$/, outcome);
    assert.equal(outcomeWords(found("a", { outcome: "streams" })), "");
    assert.equal(outcomeWords(found("a", { outcome: "refused", note: "10.0.0.5 refuses the login, and its clock is 3 years behind" })), "10.0.0.5 refuses the login, and its clock is 3 years behind.");
    assert.equal(refusalWords([found("10.0.0.5", { outcome: "locked", note: "10.0.0.5 has locked logins." })], 1), "Acme Eye 4: 10.0.0.5 has locked logins.");
});

test("a found camera is named once, with where it is and what is odd about it", () => {
    assert.equal(noteWords(found("10.0.0.5", { name: "Yard" })), "Acme Eye 4 · 10.0.0.5");
    assert.equal(noteWords(found("10.0.0.5", { note: "It claims another host. Be careful." })), "10.0.0.5 · It claims another host");
    assert.equal(foundWords([]), "No camera answered.");
    assert.equal(foundWords([found("a"), found("b", { camera: "front" })]), "2 cameras answered, 1 of them is here already.");
    assert.equal(foundWords([found("b", { camera: "front" })]), "1 camera answered. It is here already.");
});

test("one login is for the cameras of one maker; those that do not say who made them stand alone", () => {
    const cameras = [found("1"), found("2", { maker: "Other" }), found("3"), found("4", { maker: null }), found("5", { maker: null })];
    assert.deepEqual(loginGroups(cameras).map(({ maker, cameras: those }) => [maker, those.map(({ host }) => host)]), [["Acme", ["1", "3"]], ["Other", ["2"]], [null, ["4"]], [null, ["5"]]]);
    assert.equal(loginWords("Acme", [found("1", { name: "Yard" }), found("3")]), "Guardian tries it once on each of these 2 cameras by Acme: Yard (1), Acme Eye 4 (3). It sends it to no other camera.");
});

test("a login names its maker, and goes in clear text only to those that want it so", () => {
    const login = { username: "admin", password: "p" };
    const [one, clear] = [found("1", { outcome: "refused" }), found("2", { outcome: "clear_text_only" })];
    assert.deepEqual(loginBodies({ maker: "Acme", cameras: [one, clear] }, login), [{ addresses: [one.address, clear.address], maker: "Acme", ...login }]);
    assert.deepEqual(loginBodies({ maker: "Acme", cameras: [one, clear] }, { ...login, allowClearText: true }), [
        { addresses: [one.address], maker: "Acme", ...login }, { addresses: [clear.address], ...login, allowClearText: true }]);
    assert.deepEqual(loginBodies({ maker: null, cameras: [one] }, login), [{ addresses: [one.address], ...login }]);
    assert.deepEqual(portions(Array.from({ length: 70 }, (_, index) => index)).map(({ length }) => length), [32, 32, 6]);
});

test("it is said how many cameras refused a login", () => {
    const refused = (host) => found(host, { outcome: "refused" });
    assert.match(refusalWords([refused("1"), refused("2")], 2), /^All 2 cameras refused it\./);
    assert.match(refusalWords([refused("1"), refused("2")], 3), /^1 camera accepted it\. 2 others refused it\./);
    assert.match(refusalWords([refused("1")], 1), /^Acme Eye 4 \(1\): It refused/);
});

test("each lens becomes a camera with a name of its own", () => {
    const login = { username: "admin", password: "p" };
    const two = found("1", { name: "Yard", streams: [stream("rtsp://1/a", { detect: "rtsp://1/b" }), stream("rtsp://1/c", { name: "wide" })] });
    assert.deepEqual(candidatesOf(two, login), [{ name: "Yard 1", source: "rtsp://1/a", detect: "rtsp://1/b", ...login }, { name: "Yard wide", source: "rtsp://1/c", ...login }]);
    assert.equal(candidatesOf(found("1", { maker: null, model: null, streams: [stream("rtsp://1/a")] }))[0].name, "Camera");
    assert.equal(candidatesOf(found("1", { name: "x".repeat(200), streams: [stream("rtsp://1/a")] }))[0].name.length, 80);
    assert.deepEqual(withDistinctNames([{ name: "Yard" }, { name: "Yard" }, { name: "Gate" }], ["Yard"]).map(({ name }) => name), ["Yard 2", "Yard 3", "Gate"]);
    assert.deepEqual([isStream(" RTSP://a/b"), isStream("rtsps://a"), isStream("10.0.0.5"), isStream("http://rtsp://")], [true, true, false, false]);
});

test("only what was changed is sent, and an empty login stays as it is", async () => {
    const camera = { id: "yard", name: "Yard", settings: { source: "rtsp://1/a", detect: null, transport: "tcp", audio: false, hasPassword: true, imported: false } };
    const same = { name: "Yard", source: "rtsp://1/a", detect: "", username: "", password: "", transport: "tcp", audio: false };
    assert.deepEqual(changesOf(camera, same), {});
    assert.deepEqual(changesOf(camera, { ...same, audio: true, password: "p" }), { audio: true, password: "p" });
    assert.deepEqual(changesOf({ ...camera, settings: { ...camera.settings, detect: "rtsp://1/b" } }, same), { detect: "" });
    const requests = answerWith(() => json({ detail: "No.", code: "invalid_argument", errors: [{ field: "source", detail: "The address is no address." }] }, 400));
    const form = changeForm(camera, { cancel: () => {}, done: () => assert.fail("done") });
    input(form.element, "source").value = "nonsense";
    await form.submit();
    assert.deepEqual(bodies(requests), [["/api/v1/cameras/yard", { source: "nonsense" }]]);
    assert.ok(form.element.all(".field-error").some((error) => !error.hidden && error.textContent === "The address is no address."));
});

test("a change says whether the camera is to be tested", async () => {
    const camera = { id: "yard", name: "Yard", settings: { source: "rtsp://1/a", detect: null, transport: "tcp", audio: false, hasPassword: true, imported: false } };
    for (const [member, value, isOther] of [["name", "Garden", false], ["source", "rtsp://2/a", true], ["password", "new", true]]) {
        const told = [];
        answerWith(() => json(camera));
        const form = changeForm(camera, { cancel: () => {}, done: (...words) => told.push(...words) });
        input(form.element, member).value = value;
        await form.submit();
        assert.deepEqual(told, [isOther], member);
    }
});

test("a camera that is here already is marked and cannot be chosen", () => {
    const field = new FoundField([found("1"), found("2", { camera: "front" }), found("3")]);
    assert.equal(field.element.all("input").length, 2);
    assert.match(field.element.all(".known")[0].textContent, /Here already as Front door/);
    assert.equal(field.lack, "Choose at least one camera.");
    input(field.element, "addresses", 1).checked = true;
    assert.deepEqual(field.value, [found("3").address]);
    assert.deepEqual(new FoundField([found("1"), found("2", { camera: "front" })]).value, [found("1").address], "one alone is meant");
});

test("a test shows its picture, its measurements and its advice", async () => {
    const check = new CameraCheck("Yard", async () => ({ ...works, picture: "QUJD", advice: ["Set a keyframe every 2 s."] }));
    await check.start();
    assert.equal(check.element.all("img")[0].getAttribute("src"), "data:image/jpeg;base64,QUJD");
    assert.deepEqual(check.element.all(".form-warning").map((each) => each.textContent), ["Set a keyframe every 2 s."]);
    assert.equal(check.element.all(".waiting")[0].hidden, true);
});

test("a camera that does not answer a test says why", async () => {
    const check = new CameraCheck("Yard", async () => ({ ...works, ok: false, reason: "nothing is at this address" }));
    assert.equal((await check.start()).ok, false);
    assert.equal(check.element.all(".form-error")[0].textContent, "nothing is at this address.");
});

test("a test that was closed shows nothing any more", async () => {
    const check = new CameraCheck("Yard", async () => works);
    const running = check.start();
    check.close();
    assert.equal(await running, null);
    assert.equal(check.element.all(".facts").length, 0);
});

test("a refused login is asked for again, of those that refused it alone", async () => {
    const requests = [];
    const taken = [];
    let isDone = false;
    const outcomes = [{ 1: "streams", 2: "refused" }, { 2: "streams" }];
    const login = new MakerLogin({ maker: "Acme", cameras: [found("1"), found("2")] }, {
        send: async (body) => {
            requests.push(body);
            const next = outcomes.shift();
            return { items: body.addresses.map((address) => { const { host } = new URL(address); return found(host, { address, outcome: next[host.at(-1)] }); }) };
        },
        take: (items, used) => taken.push([items.map(({ outcome }) => outcome), used.password]),
        done: () => { isDone = true; },
    });
    for (const password of ["wrong", "right"]) {
        input(login.element, "username").value = "admin";
        input(login.element, "password").value = password;
        login.element.all("form")[0].send("submit");
        await settled();
    }
    assert.deepEqual(requests.map(({ addresses, password, maker }) => [addresses.length, password, maker]), [[2, "wrong", "Acme"], [1, "right", "Acme"]]);
    assert.deepEqual(taken, [[["streams"], "wrong"], [["streams"], "right"]]);
    assert.equal(isDone, true);
});

test("cameras are found, logged in to, tested, named and saved", async () => {
    const saved = [];
    const requests = answerWith((url, { method, body }) => {
        if (method === "GET") return json({ items: [{ name: "Front door" }], nextCursor: null });
        const sent = JSON.parse(body);
        if (url.pathname === "/api/v1/camera-tests") return json(works);
        if (url.pathname === "/api/v1/cameras") return json({ id: sent.name.toLowerCase(), name: sent.name }, 201);
        if (!sent.addresses) return json({ items: [found("1", { name: "Yard" }), found("2", { maker: null, name: "Gate" }), found("9", { camera: "front" })] });
        return json({ items: sent.addresses.map((address) => (address.includes("//2/") ? found("2", { name: "Gate", outcome: "unreachable" }) : found("1", { name: "Yard", outcome: sent.password ? "streams" : "needs_login", streams: sent.password ? [stream("rtsp://1/a")] : [] }))) });
    });
    const finder = new Finder({ done: (cameras) => saved.push(...cameras) });
    await settled();
    for (const box of finder.element.all("input")) box.checked = true;
    finder.element.all("form")[0].send("submit");
    await settled();
    input(finder.element, "username").value = "admin";
    input(finder.element, "password").value = "secret";
    finder.element.all("form")[0].send("submit");
    await settled();
    assert.match(finder.element.all(".form-warning")[0].textContent, /^Gate \(2\): It does not answer/);
    input(finder.element, "name").value = "Back yard";
    finder.element.all("form")[0].send("submit");
    await settled();
    const login = { username: "admin", password: "secret" };
    assert.deepEqual(bodies(requests), [
        [discover, { seconds: 4 }], [discover, { addresses: [found("1").address, found("2").address] }], [discover, { addresses: [found("1").address], maker: "Acme", ...login }],
        ["/api/v1/camera-tests", { source: "rtsp://1/a", ...login }], ["/api/v1/cameras", { source: "rtsp://1/a", ...login, name: "Back yard" }]]);
    assert.deepEqual(saved, [{ id: "back yard", name: "Back yard" }]);
});

test("a search that finds nothing says what helps, and can be repeated", async () => {
    const requests = answerWith(() => json({ items: [] }));
    const finder = new Finder({ done: () => {} });
    await settled();
    assert.match(finder.element.textContent, /No camera answered\./);
    press(finder.element, "Look again");
    await settled();
    assert.equal(requests.length, 2);
});

test("a camera that was saved is not saved again when another one fails", async () => {
    let isTaken = true;
    const requests = answerWith((url, { body }) => {
        if (url.pathname === "/api/v1/camera-tests") return json(works);
        const { name } = JSON.parse(body);
        return name === "Gate" && isTaken ? json({ detail: "Not so.", code: "invalid_argument", errors: [{ field: "name", detail: "The name is taken." }] }, 400) : json({ id: name, name }, 201);
    });
    let added = null;
    const review = new Review([{ name: "Yard", source: "rtsp://1/a" }, { name: "Gate", source: "rtsp://1/b" }], { done: (cameras) => { added = cameras; } });
    await settled();
    review.element.send("submit");
    await settled();
    assert.equal(added, null);
    assert.ok(review.element.all(".field-error").some((error) => !error.hidden && error.textContent === "The name is taken."));
    isTaken = false;
    review.element.send("submit");
    await settled();
    assert.deepEqual(added.map(({ name }) => name), ["Yard", "Gate"]);
    assert.deepEqual(bodies(requests).filter(([path]) => path === "/api/v1/cameras").map(([, { name }]) => name), ["Yard", "Gate", "Gate"]);
});

test("a camera without a picture is added only if somebody wants it", async () => {
    answerWith(() => json({ ...works, ok: false, reason: "It is off." }));
    const review = new Review([{ name: "Yard", source: "rtsp://1/a" }], { done: () => {} });
    await settled();
    assert.equal(input(review.element, "wanted").checked, false);
});

/** Sends the form of an address. */
async function look(values, answer) {
    const requests = answerWith(answer);
    const form = new ByAddress({ done: () => {}, cancel: () => {} });
    for (const [name, value] of Object.entries(values)) input(form.element, name).value = value;
    form.element.all("form")[0].send("submit");
    await settled();
    return { form, requests: bodies(requests) };
}

test("a stream's address is tested with the login beside it, whatever characters it has", async () => {
    const login = { username: "me", password: "p@ss:/wörd%" };
    const { form, requests } = await look({ address: " rtsp://10.0.0.5/1 ", ...login }, () => json(works));
    assert.deepEqual(requests, [["/api/v1/camera-tests", { source: "rtsp://10.0.0.5/1", ...login, transport: "tcp", audio: false }]]);
    assert.equal(form.element.all(".candidate").length, 1);
});

test("a camera's own address is asked for its streams", async () => {
    const { form, requests } = await look({ address: "10.0.0.5" }, (url) => json(url.pathname === discover ? { items: [found("10.0.0.5", { outcome: "streams", streams: [stream("rtsp://10.0.0.5/1"), stream("rtsp://10.0.0.5/2")] })] } : works));
    assert.deepEqual(requests[0], [discover, { addresses: ["10.0.0.5"] }]);
    assert.equal(form.element.all(".candidate").length, 2);
});

test("what is wrong with an address or a login stands beside its field", async () => {
    const errorsOf = ({ form }) => form.element.all(".field").filter((field) => field.all(".field-error").some((error) => !error.hidden)).map((field) => field.all("input")[0].getAttribute("name"));
    const refusal = (field) => () => json({ detail: "Not so.", code: "invalid_argument", errors: [{ field, detail: "Not allowed." }] }, 400);
    assert.deepEqual(errorsOf(await look({ address: "rtsp://169.254.169.254/" }, refusal("source"))), ["address"]);
    assert.deepEqual(errorsOf(await look({ address: "169.254.169.254" }, refusal("addresses.0"))), ["address"]);
    assert.deepEqual(errorsOf(await look({ address: "10.0.0.5" }, () => json({ items: [found("10.0.0.5", { outcome: "locked" })] }))), ["password"]);
    assert.deepEqual(errorsOf(await look({ address: "10.0.0.5" }, () => json({ items: [found("10.0.0.5", { outcome: "needs_login" })] }))), ["username"]);
});

test("clear text is allowed only by whoever reads what it means", async () => {
    const { form } = await look({ address: "10.0.0.5", username: "a", password: "b" }, () => json({ items: [found("10.0.0.5", { outcome: "clear_text_only" })] }));
    const clear = form.element.all(".field").find((field) => field.all("input")[0].getAttribute("name") === "allowClearText");
    assert.equal(clear.hidden, false);
    assert.equal(input(form.element, "allowClearText").checked ?? false, false);
});
