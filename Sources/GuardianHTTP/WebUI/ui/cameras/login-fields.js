import { PasswordField, TextField } from "../forms/text-field.js";

/** User name and password of a camera, in fields of their own, so that every character can be in them. Browsers do not offer the person's own. */
export function loginFields({ isRequired = false, hint = "" } = {}) {
    return [
        new TextField("username", "User name", { autocomplete: "off", maxlength: 256 }, { hint, required: isRequired ? "Type the user name of the camera, often admin." : "" }),
        new PasswordField("password", "Password", "off", { required: isRequired ? "Type the password of the camera." : "" }),
    ];
}
