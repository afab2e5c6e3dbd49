import { send } from "../store/api.js";
import { session } from "../store/session.js";
import { h } from "../common/dom.js";
import { Form } from "../forms/form.js";
import { PasswordField, passwordHint } from "../forms/text-field.js";

/**
 * The form of one's own password. Whoever was let in by a link and has none yet is not asked for the current one. `done` is called once the
 * session goes on; the rest as for `Form`.
 */
export function ownPasswordForm({ name, passwordSet }, { done, ...rest }) {
    const current = new PasswordField("current", "Current password", "current-password", { required: "Type your current password." });
    const password = new PasswordField("password", passwordSet ? "New password" : "Password", "new-password", {
        required: passwordSet ? "Type a new password." : "Type a password.", hint: passwordSet ? `${passwordHint} Your other devices are logged out.` : passwordHint,
    });
    return new Form({
        label: passwordSet ? "Change password" : "Choose a password", action: passwordSet ? "Change password" : "Save the password", ...rest,
        // For password managers, which store a password under a name.
        text: [h("input", { type: "text", autocomplete: "username", hidden: true, readonly: true, value: name })],
        fields: passwordSet ? [current, password] : [password],
        send: (values) => send("PUT", "/api/v1/session/password", { current: "", ...values }),
        done: (principal) => {
            // The session that asked has a new secret.
            if (principal) session.begin(principal);
            done();
        },
    });
}
