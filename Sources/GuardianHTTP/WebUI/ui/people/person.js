import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { store } from "../store/store.js";
import { h } from "../common/dom.js";
import { date } from "../common/format.js";
import { Actions } from "../forms/actions.js";
import { confirmation } from "../forms/confirmation.js";
import { Form } from "../forms/form.js";
import { PasswordField, passwordHint } from "../forms/text-field.js";
import { announcer } from "../shell/announcer.js";
import { LoginLink } from "./login-link.js";
import { OthersAccess } from "./others.js";
import { personForm } from "./person-form.js";
import { roleName } from "./roles.js";

/** A person in the list, with what can be done about them. `onChange` reads the list again. */
export function personRow(account, isOwn, onChange) {
    return h("div", { class: account.disabled ? "row-parts disabled" : "row-parts" },
        h("div", { class: "row-text" },
            h("strong", {}, account.name, isOwn && h("span", { class: "tag" }, "You"), account.disabled && h("span", { class: "tag warn" }, "Disabled")),
            h("span", { class: "quiet" }, facts(account).join(" · "))),
        new Actions(actionsFor(account, isOwn, onChange)).element);
}

/** What the list says of an account. */
export function facts({ role, cameras, secondFactor, passwordSet, createdAt }) {
    const seen = role !== "viewer" || cameras === null ? null : cameras.length === 0 ? "sees no camera" : `sees ${cameras.map((id) => store.cameraName(id)).join(", ")}`;
    return [roleName(role), seen, secondFactor ? "second factor" : null, passwordSet ? null : "no password yet", `since ${date(createdAt)}`].filter(Boolean);
}

function actionsFor(account, isOwn, onChange) {
    const { name } = account;
    const path = `/api/v1/users/${encodeURIComponent(account.id)}`;
    const change = {
        label: "Change", name: `Change ${name}`,
        form: (close) => personForm({
            account, isOwn, label: `Change ${name}`, action: "Save", cancel: close, send: (values) => send("PUT", path, values),
            done: () => {
                close();
                if (isOwn) session.check().catch(() => {});
                onChange();
            },
        }),
    };
    // One's own password and second factor need a proof, and one cannot lock oneself out.
    if (isOwn) return [change];
    const disable = account.disabled
        ? { question: `Let ${name} log in again?`, text: "With the same password and rights as before.", action: "Enable", kind: "primary" }
        : { question: `Disable ${name}?`, text: `${name} is logged out everywhere at once and cannot log in, and all tokens end. You can enable the account again.`, action: "Disable" };
    return [
        change,
        // Nobody can log in to a disabled account.
        ...(account.disabled ? [] : [{ label: "Login link", name: `Login link: ${name}`, form: (close) => new LoginLink(account, { close }) }]),
        { label: "Devices and tokens", name: `Devices and tokens: ${name}`, form: () => new OthersAccess(account) },
        { label: account.passwordSet ? "Reset password" : "Set password", name: `${account.passwordSet ? "Reset" : "Set"} password: ${name}`, form: (close) => passwordForm(account, path, close, onChange) },
        ...(account.secondFactor ? [asked("Turn off second factor", {
            question: `Turn off the second factor of ${name}?`, text: `For somebody who has lost phone and recovery codes. Then ${name}'s password alone is enough to log in.`, action: "Turn off",
            send: () => send("DELETE", `${path}/factor`), done: onChange,
        }, name)] : []),
        asked(disable.action, { ...disable, send: () => send("PUT", path, { disabled: !account.disabled }), done: onChange }, name),
        asked("Remove", {
            question: `Remove ${name}?`, text: `The account goes with its devices and tokens, for good. What the audit log says of ${name} stays.`, action: "Remove",
            send: () => send("DELETE", path), done: onChange,
        }, name),
    ];
}

const asked = (label, { done, ...options }, name) => ({ label, name: `${label}: ${name}`, form: (close) => confirmation({ ...options, cancel: close, done: () => { close(); done(); } }) });

function passwordForm({ name, passwordSet }, path, close, onChange) {
    const action = passwordSet ? "Reset password" : "Set password";
    return new Form({
        label: passwordSet ? `Reset the password of ${name}` : `Set a password for ${name}`, action, cancel: close,
        text: [h("p", { class: "quiet" }, `${passwordSet ? `${name} is logged out everywhere, and tokens that they made end.` : "A login link that you sent is of no use then."} Say the new password to them in person; they can change it.`)],
        fields: [new PasswordField("password", "New password", "new-password", { required: "Type a password.", hint: passwordHint })],
        send: (values) => send("PUT", `${path}/password`, values),
        done: () => {
            close();
            announcer.say(`${name} has a new password.`);
            onChange();
        },
    });
}
