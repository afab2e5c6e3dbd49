import { h } from "../common/dom.js";
import { RadioField, SwitchField } from "../forms/choice-fields.js";

/** How a camera's stream comes, and whether its sound is recorded. `settings`: what it has now. */
export function streamFields({ transport = "tcp", audio = false } = {}) {
    const how = new RadioField("transport", "How its stream comes", [
        { value: "tcp", title: "Every picture arrives", note: "TCP. For nearly all cameras." },
        { value: "udp", title: "Late pictures are left out", note: "UDP. For cameras that stop again and again otherwise." },
    ]);
    how.value = transport;
    const sound = new SwitchField("audio", "Record sound", { hint: "In many countries, people must be told that they are recorded with sound." });
    sound.value = audio;
    return [how, sound];
}
