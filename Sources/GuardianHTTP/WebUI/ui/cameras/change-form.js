import { send } from "../store/api.js";
import { h } from "../common/dom.js";
import { Form } from "../forms/form.js";
import { TextField } from "../forms/text-field.js";
import { loginFields } from "./login-fields.js";
import { streamFields } from "./stream-fields.js";
import { longestName } from "./found.js";

/** What differs from what a camera has; a login that was not typed stays as it is. */
export function changesOf({ name, settings }, values) {
    const had = { name, source: settings.source, detect: settings.detect ?? "", transport: settings.transport, audio: settings.audio, username: "", password: "" };
    return Object.fromEntries(Object.entries(values).filter(([member, value]) => value !== had[member]));
}

/** Changes name, addresses, login, transport and sound of a camera. `done` is told whether anything but its name is another. */
export function changeForm(camera, { cancel, done }) {
    const { settings } = camera;
    let isOtherStream = false;
    const filled = (field, value) => Object.assign(field, { value });
    return new Form({
        label: `Change ${camera.name}`, action: "Save", cancel, done: () => done(isOtherStream),
        text: settings.imported ? [h("p", { class: "form-warning" }, "The configuration file brought this camera. What is changed there counts again at the next start.")] : [],
        fields: [
            filled(new TextField("name", "Name", { autocomplete: "off", maxlength: longestName, autocapitalize: "sentences", spellcheck: "true" }, { required: "Type a name." }), camera.name),
            filled(new TextField("source", "Address of the stream", { autocomplete: "off", inputmode: "url" }, { required: "Type the address.", hint: "It begins with rtsp://. With another address, the login has to be typed again." }), settings.source),
            filled(new TextField("detect", "Address of a smaller stream", { autocomplete: "off", inputmode: "url" }, { hint: "Of the same view, to find people with less work. Empty for none." }), settings.detect ?? ""),
            ...loginFields({ hint: settings.hasPassword ? "Leave both empty to keep the login that it has." : "If the camera wants a login." }),
            ...streamFields(settings),
        ],
        send: (values) => {
            const changes = changesOf(camera, values);
            isOtherStream = Object.keys(changes).some((member) => member !== "name");
            return send("PUT", `/api/v1/cameras/${encodeURIComponent(camera.id)}`, changes);
        },
    });
}
