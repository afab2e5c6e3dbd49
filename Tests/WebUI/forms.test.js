// forms/: what is collected and sent, where the server's errors are shown, and what stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./document.js";
import { load } from "./kit.js";

const { Form } = await load("forms/form.js");
const { Countdown } = await load("forms/countdown.js");
const { Actions } = await load("forms/actions.js");
const { CodeField, PasswordField, TextField } = await load("forms/text-field.js");
const { ChecksField, RadioField, SelectField, SwitchField } = await load("forms/choice-fields.js");
const { Problem } = await load("store/api.js");

const choices = [{ value: "front", title: "Front door" }, { value: "yard", title: "Back yard" }];
const name = () => Object.assign(new TextField("name", "Name", {}, { required: "Type a name.", hint: "Of the person." }), { value: "Ben" });
const errorOf = (field) => field.element.all(".field-error")[0];
const topOf = (form) => form.element.all("p").find((each) => each.getAttribute("role") === "alert");
const refusal = (errors, more = {}) => new Problem("The request failed", "Not so.", "invalid_argument", 400, { errors, ...more });

test("the values of the fields that are asked for are sent", async () => {
    const [password, cameras, role, remember, end] = [new PasswordField("password", "Password", "new-password"), new ChecksField("cameras", "Cameras", choices), new RadioField("role", "Role", choices), new SwitchField("remember", "Stay"), new SelectField("end", "Ends", choices)];
    const code = new CodeField("Code", "");
    password.value = "correct horse";
    cameras.value = ["yard"];
    role.value = "front";
    remember.value = true;
    end.value = "yard";
    code.value = "123 456";
    const sent = [];
    const form = new Form({ fields: [name(), password, cameras, role, remember, end, code], action: "Send", send: async (values) => { sent.push(values); }, done: () => sent.push("done") });
    await form.submit();
    assert.deepEqual(sent, [{ name: "Ben", password: "correct horse", cameras: ["yard"], role: "front", remember: true, end: "yard", code: "123456" }, "done"]);
    cameras.isAsked = false;
    assert.equal("cameras" in form.values, false);
});

test("what is missing is said beside its field, and nothing is sent", async () => {
    const field = name();
    field.value = "";
    const form = new Form({ fields: [field], action: "Send", send: () => assert.fail("sent") });
    await form.submit();
    assert.equal(errorOf(field).textContent, "Type a name.");
    assert.equal(errorOf(field).hidden, false);
    assert.equal(field.control.getAttribute("aria-invalid"), "true");
    const [hint] = field.element.all(".field-hint");
    assert.equal(field.control.getAttribute("aria-describedby"), `${hint.getAttribute("id")} ${errorOf(field).getAttribute("id")}`);
});

test("the server's errors stand beside their fields, others on top, and what was typed stays", async () => {
    const field = name();
    const cameras = new ChecksField("cameras", "Cameras", choices);
    const form = new Form({ fields: [field, cameras], action: "Send", send: async () => { throw refusal([{ field: "name", detail: "Taken." }, { field: "cameras.0", detail: "No such camera." }, { field: "secret", detail: "Wrong link." }]); } });
    await form.submit();
    assert.deepEqual([errorOf(field).textContent, errorOf(cameras).textContent, topOf(form).textContent], ["Taken.", "No such camera.", "Wrong link."]);
    assert.equal(topOf(form).getAttribute("role"), "alert");
    assert.equal(field.value, "Ben");
});

test("errors go when it is sent again", async () => {
    const field = name();
    const answers = [refusal([{ field: "name", detail: "Taken." }]), refusal([])];
    const form = new Form({ fields: [field], action: "Send", send: async () => { throw answers.shift(); } });
    await form.submit();
    await form.submit();
    assert.equal(field.hasFailed, false);
    assert.equal(field.control.getAttribute("aria-invalid"), null);
    assert.equal(topOf(form).textContent, "Not so.");
});

test("an error of a field that is not shown stands on top", async () => {
    const code = new CodeField("Code", "");
    code.isAsked = false;
    const form = new Form({ fields: [name(), code], action: "Send", send: async () => { throw refusal([{ field: "code", detail: "Type the code." }]); } });
    await form.submit();
    assert.equal(topOf(form).textContent, "Type the code.");
    assert.equal(code.hasFailed, false);
});

test("it says when Guardian does not answer, and the caller may show a problem itself", async () => {
    const unreachable = new Form({ fields: [name()], action: "Send", send: async () => { throw new Problem("Guardian does not answer", "Check that it runs.", "unavailable", 0); } });
    await unreachable.submit();
    assert.equal(topOf(unreachable).textContent, "Guardian does not answer. Check that it runs.");
    const shown = new Form({ fields: [name()], action: "Send", send: async () => { throw refusal([]); }, refused: () => true });
    await shown.submit();
    assert.equal(topOf(shown).hidden, true);
});

test("it is sent once at a time, and cannot be changed meanwhile", async () => {
    let finish;
    let count = 0;
    const form = new Form({ fields: [name()], action: "Send", send: () => { count += 1; return new Promise((resolve) => { finish = resolve; }); } });
    const [all] = form.element.all("fieldset");
    const first = form.submit();
    assert.equal(all.disabled, true);
    assert.equal(form.element.getAttribute("aria-busy"), "true");
    await form.submit();
    finish();
    await first;
    assert.deepEqual([count, all.disabled, form.element.getAttribute("aria-busy")], [1, false, "false"]);
});

/** Replaces clock and timers; returns a function that lets so many seconds pass. */
function stopTime(context) {
    context.mock.timers.enable({ apis: ["Date", "setInterval"] });
    return (seconds) => context.mock.timers.tick(seconds * 1000);
}

test("after too many attempts the button waits, and a sentence counts down", async (context) => {
    const pass = stopTime(context);
    const form = new Form({ fields: [name()], action: "Send", send: async () => { throw new Problem("The request failed", "Too many attempts failed.", "resource_exhausted", 429, { retryAfter: 3 }); } });
    await form.submit();
    const [button] = form.element.all("button");
    const [wait] = form.element.all(".countdown");
    assert.deepEqual([button.disabled, wait.hidden, wait.textContent], [true, false, "Too many attempts failed. You can try again in 3 s."]);
    pass(1);
    assert.equal(wait.textContent, "Too many attempts failed. You can try again in 2 s.");
    assert.deepEqual([topOf(form).textContent, topOf(form).classList.contains("unseen")], ["Too many attempts failed.", true], "read once");
    pass(2);
    assert.deepEqual([button.disabled, wait.hidden, topOf(form).hidden], [false, true, true]);
});

test("a countdown that is stopped ends nothing", (context) => {
    const pass = stopTime(context);
    const countdown = new Countdown();
    let ends = 0;
    countdown.onEnd = () => { ends += 1; };
    countdown.start(2, "Too many");
    countdown.stop();
    pass(5);
    assert.equal(ends, 0);
});

test("a password can be shown and hidden again", () => {
    const field = new PasswordField("password", "Password", "current-password");
    const [button] = field.element.all("button");
    assert.deepEqual([field.control.getAttribute("type"), field.control.getAttribute("autocomplete")], ["password", "current-password"]);
    field.control.type = "password";
    button.send("click");
    assert.deepEqual([field.control.type, button.getAttribute("aria-label")], ["text", "Hide: Password"]);
    button.send("click");
    assert.deepEqual([field.control.type, button.getAttribute("aria-label")], ["password", "Show: Password"]);
});

test("one form is open at a time, and closing it returns the focus", () => {
    const made = [];
    const make = (label) => ({ label, form: (close) => { const form = { element: document.createElement("form"), focus: () => made.push(`focus ${label}`), close: () => made.push(`close ${label}`) }; form.end = close; made.push(form); return form; } });
    const actions = new Actions([make("Change"), make("Remove")]);
    const [change, remove] = actions.element.all("button");
    const [panel] = actions.element.all(".panel");
    change.send("click");
    assert.deepEqual([change.getAttribute("aria-expanded"), panel.hidden, made.at(-1)], ["true", false, "focus Change"]);
    remove.send("click");
    assert.deepEqual([change.getAttribute("aria-expanded"), remove.getAttribute("aria-expanded"), panel.all("form").length], ["false", "true", 1]);
    let focused = 0;
    remove.focus = () => { focused += 1; };
    actions.element.send("keydown", { key: "Escape" });
    assert.deepEqual([actions.isOpen, panel.hidden, focused, made.at(-1)], [false, true, 1, "close Remove"]);
});

