import { store } from "../store/store.js";
import { cameraChoices } from "../forms/camera-choices.js";
import { ChecksField, RadioField } from "../forms/choice-fields.js";
import { Form } from "../forms/form.js";
import { PasswordField, TextField, passwordHint } from "../forms/text-field.js";
import { roles } from "./roles.js";

/** How somebody new gets in: without a password, the account is made for a link. */
const entrances = [
    { value: "link", title: "Send a link", note: "It logs them in once, and they choose a password." },
    { value: "password", title: "Give a password now", note: "You say it to them; they can change it." },
];

/**
 * The form of an account: `{ account, isNew, isOwn, … }`, the rest as for `Form`. Only viewers have chosen cameras; nobody changes their own
 * role by mistake. Somebody new has a password only if one is given to them.
 */
export function personForm({ account = null, isNew = false, isOwn = false, send, ...rest }) {
    const name = new TextField("name", "Name", { autocomplete: "off", maxlength: 256, autocapitalize: "words" }, { required: "Type a name.", hint: "The person logs in with it." });
    const entrance = new RadioField("entrance", "How they log in first", entrances);
    const password = new PasswordField("password", "Password", "new-password", { required: "Type a password.", hint: passwordHint });
    const role = new RadioField("role", "Role", roles, { required: "Choose a role." });
    const cameras = new ChecksField("cameras", "Cameras", cameraChoices(store.cameras, account?.cameras ?? []), { hint: "The person sees these and no others." });
    name.value = account?.name ?? "";
    role.value = account?.role ?? "viewer";
    cameras.value = account?.cameras ?? [];
    entrance.value = "link";
    entrance.isAsked = isNew;
    role.isAsked = !isOwn;
    const follow = () => {
        cameras.isAsked = !isOwn && role.value === "viewer";
        password.isAsked = isNew && entrance.value === "password";
    };
    for (const field of [role, entrance]) field.element.addEventListener("change", follow);
    follow();
    return new Form({ ...rest, fields: [name, role, cameras, entrance, password], send: ({ entrance: _, ...values }) => send(values) });
}
