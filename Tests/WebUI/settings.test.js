// settings/: what is said of numbers and of the disk, what is sent, and what cannot be changed.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { answerWith, json, load, settled } from "./kit.js";

const { inGigabytes, inMegabytes, numberLack, rangeWords, roomLack, roomRangeWords, roomWords } = await load("settings/words.js");
const { changesOf, recordingFields, roomFields } = await load("settings/fields.js");
const { ageFields } = await load("settings/age-fields.js");
const { archiveChanges, archiveFields } = await load("settings/archive-fields.js");
const { relayChanges, relayFields } = await load("settings/relay-fields.js");
const { Section } = await load("settings/section.js");

const config = (more = {}) => ({
    recording: { preRoll: 5, postRoll: 5, maximum: 300, unanalysed: true, keepFreeMegabytes: 2048, keepDays: null, ...more }, archive: { cameras: null, kilobits: null }, node: { relay: false }, fixed: ["recording.maximum"],
    limits: { "recording.preRoll": { least: 2, most: 60, usual: 5 }, "recording.postRoll": { least: 1, most: 60, usual: 5 }, "recording.maximum": { least: 10, most: 3600, usual: 300 }, "recording.keepFreeMegabytes": { least: 64, most: 1_000_000_000, usual: 2048 }, "recording.keepDays": { least: 1, most: 36_500, usual: null }, "archive.kilobits": { least: 8, most: 100_000_000, usual: null } },
});
const input = (element, name) => element.all("input").find((each) => each.getAttribute("name") === name);
const save = async (section) => {
    section.element.all("form")[0].send("submit");
    await settled();
};
const saved = (section) => section.element.all(".settings-saved")[0];

test("a number must be whole and within its limits", () => {
    const limit = { least: 2, most: 3600, usual: 5 };
    assert.equal(rangeWords(limit, "seconds"), "2 to 3,600 seconds; 5 is usual.");
    for (const text of ["2", " 60 ", "3600"]) assert.equal(numberLack(text, limit), "", text);
    for (const text of ["", "1", "3601", "5.5", "-5", "5e1", "five", "0x10"]) assert.equal(numberLack(text, limit), "Type a whole number from 2 to 3,600.", text);
});

test("room is typed in GB and sent in MiB", () => {
    const limit = { least: 64, most: 1_000_000_000, usual: 2048 };
    assert.equal(roomRangeWords(limit), "At least 0.1 GB; 2.1 is usual.");
    assert.deepEqual([64, 2048, 3815, 953_674].map(inGigabytes), ["0.1", "2.1", "4", "1000"]);
    assert.deepEqual(["4", " 4,0 ", "0.1", "1000"].map(inMegabytes), [3815, 3815, 95, 953_674]);
    for (const text of ["", "-1", "1e3", "four", "4.", ".5", "1 000", "12345678"]) assert.ok(Number.isNaN(inMegabytes(text)), text);
    assert.deepEqual([inMegabytes("0.1"), inMegabytes("900000")].map((room) => roomLack(room, limit)), ["", ""]);
    assert.deepEqual([inMegabytes("0.05"), NaN].map((room) => roomLack(room, limit)), ["Type a number from 0.1 on.", "Type a number from 0.1 on."]);
    assert.equal(roomLack(inMegabytes("2000000"), limit), "Type at most 1,048,576.");
});

test("what the recorder has is sent back exactly, though it is shown rounded", () => {
    const [field] = roomFields(config({ keepFreeMegabytes: 2000 }));
    assert.deepEqual([field.control.value, field.value], ["2.1", 2000]);
    assert.equal(changesOf(config({ keepFreeMegabytes: 2000 }), { keepFreeMegabytes: field.value }), null);
    field.control.value = "2.2";
    assert.equal(field.value, 2098);
});

test("the room on the disk is said in bytes and days", () => {
    const storage = { free: 120e9, capacity: 500e9, daysLeft: 12.6, away: false, recording: true };
    assert.equal(roomWords(storage), "120 GB of 500 GB are free. That is room for 12 days at the rate so far; then new clips take the place of the oldest ones.");
    assert.match(roomWords({ ...storage, daysLeft: null }), /free\. How long that lasts is known after/);
    assert.match(roomWords({ ...storage, daysLeft: 0 }), /free\. The disk is full: new clips take/);
    assert.match(roomWords({ ...storage, recording: false }), /nothing is recorded until/);
    assert.equal(roomWords({ ...storage, away: true }), "The clips' disk is away, so that its room is not known.");
});

test("only what differs is sent, and nothing that the configuration file sets", () => {
    assert.deepEqual(changesOf(config(), { preRoll: " 9 ", postRoll: "5", maximum: "60", unanalysed: false }), { recording: { preRoll: 9, unanalysed: false } });
    assert.equal(changesOf(config(), { preRoll: "5", postRoll: "5", maximum: "300", unanalysed: true }), null);
});

test("what the configuration file sets is shown and cannot be changed", () => {
    const [preRoll, , maximum] = recordingFields(config());
    assert.deepEqual([preRoll.value, maximum.value], ["5", "300"]);
    assert.deepEqual([preRoll.control.getAttribute("readonly"), maximum.control.getAttribute("readonly")], [null, ""]);
    assert.match(maximum.element.all(".field-hint")[0].textContent, /^Set in the configuration file/);
    const fields = recordingFields({ ...config(), fixed: ["recording.unanalysed"] });
    assert.equal(fields.at(-1).control.getAttribute("disabled"), "");
});

test("a section is saved by itself, and says so", async () => {
    const requests = answerWith(() => json(config({ keepFreeMegabytes: 3815 })));
    const seen = [];
    const section = new Section("Room on the disk", "", roomFields, config(), (after) => seen.push(after.recording.keepFreeMegabytes));
    await save(section);
    assert.deepEqual([requests.length, saved(section).textContent], [0, "Nothing was changed."]);
    input(section.element, "keepFreeMegabytes").value = "4";
    await save(section);
    assert.deepEqual(requests.map(({ method, url, body }) => [method, url.pathname, JSON.parse(body)]), [["PUT", "/api/v1/config", { recording: { keepFreeMegabytes: 3815 } }]]);
    assert.deepEqual([seen, saved(section).hidden], [[3815], false]);
    assert.match(saved(section).textContent, /^Saved\./);
});

test("what the server refuses stands beside its field", async () => {
    answerWith(() => json({ title: "Bad request", detail: "Too much.", code: "invalid_argument", status: 400, errors: [{ field: "recording.keepFreeMegabytes", detail: "Too much." }] }, 400));
    const section = new Section("Room on the disk", "", roomFields, config(), () => assert.fail("saved"));
    input(section.element, "keepFreeMegabytes").value = "900000";
    await save(section);
    const error = section.element.all(".field-error")[0];
    assert.deepEqual([error.textContent, error.hidden, saved(section).hidden], ["Too much.", false, true]);
});

test("clips are deleted to make room only after a question", async () => {
    const refusal = { title: "Conflict", detail: "This deletes about 3 of the oldest clips at once. Send confirmDeletion with it if that is meant.", code: "failed_precondition", status: 409 };
    refusal.errors = [{ field: "confirmDeletion", detail: refusal.detail }];
    const requests = answerWith((_, { body }) => (JSON.parse(body).confirmDeletion ? json(config({ keepFreeMegabytes: 3815 })) : json(refusal, 409)));
    const seen = [];
    const section = new Section("Room on the disk", "", roomFields, config(), (after) => seen.push(after.recording.keepFreeMegabytes));
    input(section.element, "keepFreeMegabytes").value = "4";
    await save(section);
    const question = section.element.all(".panel")[0];
    assert.deepEqual([seen, question.hidden], [[], false]);
    assert.match(question.textContent, /This deletes about 3 of the oldest clips at once\./);
    assert.doesNotMatch(question.textContent, /confirmDeletion/);
    question.all("form")[0].send("submit");
    await settled();
    assert.deepEqual(requests.map(({ body }) => JSON.parse(body)), [{ recording: { keepFreeMegabytes: 3815 } }, { recording: { keepFreeMegabytes: 3815 }, confirmDeletion: true }]);
    assert.deepEqual([seen, question.hidden], [[3815], true]);
});

test("an empty number of days means none, and others must be whole and within the limits", () => {
    const [field] = ageFields(config());
    assert.deepEqual([field.control.value, field.value, field.lack], ["", null, ""]);
    assert.match(field.element.all(".field-hint")[0].textContent, /^1 to 36,500 days\. Empty: clips stay until/);
    for (const [text, value] of [["1", 1], [" 30 ", 30], ["36500", 36_500], [" ", null]]) {
        field.control.value = text;
        assert.deepEqual([field.value, field.lack], [value, ""], text);
    }
    for (const text of ["0", "36501", "1.5", "-1", "ten"]) {
        field.control.value = text;
        assert.equal(field.lack, "Type a whole number from 1 to 36,500, or nothing.", text);
    }
    const [set] = ageFields({ ...config({ keepDays: 30 }), fixed: ["recording.keepDays"] });
    assert.deepEqual([set.control.value, set.control.getAttribute("readonly")], ["30", ""]);
});

test("a number of days is set, and taken away again", async () => {
    let now = config();
    const requests = answerWith((_, { body }) => { now = config(JSON.parse(body).recording); return json(now); });
    const section = new Section("Room on the disk", "", ageFields, now, (after) => { section.config = after; });
    for (const text of ["30", "30", ""]) {
        input(section.element, "keepDays").value = text;
        await save(section);
    }
    assert.deepEqual(requests.map(({ body }) => JSON.parse(body)), [{ recording: { keepDays: 30 } }, { recording: { keepDays: null } }]);
    input(section.element, "keepDays").value = "0";
    await save(section);
    assert.equal(requests.length, 2);
});

const cameras = [{ id: "front", name: "Front door" }, { id: "yard", name: "Yard" }];

test("every camera is archived, or those that are chosen", async () => {
    const requests = answerWith((_, { body }) => json({ ...config(), archive: { kilobits: null, ...JSON.parse(body).archive } }));
    const seen = [];
    const section = new Section("What is archived", "", (settings) => archiveFields(settings, cameras), config(), (after) => { section.config = after; seen.push(after.archive.cameras); }, archiveChanges);
    const boxes = section.element.all("input").filter((each) => each.getAttribute("name") === "cameras");
    const every = input(section.element, "everyCamera");
    const choose = (isEvery) => { every.checked = isEvery; every.send("change"); };
    await save(section);
    assert.equal(requests.length, 0);
    choose(false);
    await save(section);
    assert.match(section.element.all(".field-error").find((each) => !each.hidden).textContent, /at least one camera/);
    boxes[1].checked = true;
    await save(section);
    choose(true);
    await save(section);
    assert.deepEqual(requests.map(({ body }) => JSON.parse(body)), [{ archive: { cameras: ["yard"] } }, { archive: { cameras: null } }]);
    assert.deepEqual(seen, [["yard"], null]);
});

test("the bandwidth is typed in Mbit/s and sent in kbit/s, and nothing means no limit", () => {
    const [, , field] = archiveFields({ ...config(), archive: { cameras: ["front"], kilobits: 2500 } }, cameras);
    assert.deepEqual([field.control.value, field.value, field.lack], ["2.5", 2500, ""]);
    for (const [text, value] of [["0,5", 500], [" 10 ", 10_000], ["", null]]) {
        field.control.value = text;
        assert.deepEqual([field.value, field.lack], [value, ""], text);
    }
    for (const text of ["0", "0.001", "200000", "ten", "-1"]) {
        field.control.value = text;
        assert.match(field.lack, /^Type a number from 0\.01 to 100,000, or nothing\.$/, text);
    }
});

test("the archive's settings of the configuration file cannot be changed", () => {
    const fixed = { ...config(), archive: { cameras: ["front"], kilobits: 100 }, fixed: ["archive.cameras", "archive.kilobits"] };
    const [every, choice, bandwidth] = archiveFields(fixed, cameras);
    assert.deepEqual([every.control.getAttribute("disabled"), bandwidth.control.getAttribute("readonly")], ["", ""]);
    assert.ok(choice.boxes.every((box) => box.getAttribute("disabled") === ""));
    assert.equal(archiveChanges(fixed, { everyCamera: true, kilobits: 200 }), null);
});

test("whether the node may fetch recordings is asked, and is off unless somebody says so", () => {
    const [field] = relayFields(config());
    assert.equal(field.value, false);
    assert.equal(relayChanges(config(), { relay: false }), null);
    assert.deepEqual(relayChanges(config(), { relay: true }), { node: { relay: true } });
    const fixed = { ...config(), node: { relay: true }, fixed: ["node.relay"] };
    assert.equal(relayFields(fixed)[0].control.getAttribute("disabled"), "");
    assert.equal(relayChanges(fixed, { relay: false }), null);
});
