import { store } from "../store/store.js";
import { ChecksField, RadioField } from "../forms/choice-fields.js";
import { Form } from "../forms/form.js";
import { PasswordField, TextField, passwordHint } from "../forms/text-field.js";
import { roles } from "./roles.js";

/**
 * The form of an account: `{ account, isNew, isOwn, … }`, the rest as for `Form`. Only viewers have chosen cameras; nobody changes their own
 * role by mistake.
 */
export function personForm({ account = null, isNew = false, isOwn = false, ...rest }) {
    const name = new TextField("name", "Name", { autocomplete: "off", maxlength: 256, autocapitalize: "words" }, { required: "Type a name.", hint: "With it the person logs in." });
    const password = new PasswordField("password", "Password", "new-password", { required: "Type a password.", hint: `${passwordHint} The person can change it.` });
    const role = new RadioField("role", "Role", roles, { required: "Choose a role." });
    const cameras = new ChecksField("cameras", "Cameras", cameraChoices(store.cameras, account?.cameras ?? []), { hint: "The person sees these and no others." });
    name.value = account?.name ?? "";
    role.value = account?.role ?? "viewer";
    cameras.value = account?.cameras ?? [];
    password.isAsked = isNew;
    role.isAsked = !isOwn;
    const follow = () => { cameras.isAsked = !isOwn && role.value === "viewer"; };
    role.element.addEventListener("change", follow);
    follow();
    return new Form({ ...rest, fields: [name, password, role, cameras] });
}

/** The cameras to choose from, also those that somebody has been given and that are not there now. */
export function cameraChoices(cameras, given) {
    const absent = given.filter((id) => !cameras.some((camera) => camera.id === id));
    return [...cameras.map(({ id, name }) => ({ value: id, title: name })), ...absent.map((id) => ({ value: id, title: id, note: "Not there now." }))];
}
